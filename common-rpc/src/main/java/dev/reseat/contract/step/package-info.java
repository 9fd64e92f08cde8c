/** How a step that was cast, so that nobody waits for it, is admitted and reported on. */
package dev.reseat.contract.step;
