/**
 * What a worker does with a step that was cast to it: asks whether it is still wanted, before its first act that takes
 * something away, and tells what came of it.
 */
package dev.reseat.step;
