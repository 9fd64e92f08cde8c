/** Sweeps over all volumes, what they find, and what a policy has repaired of it. */
package dev.reseat.api.finding;
