/** The block-storage REST API, as far as a compute host needs it. Used by {@code service}. */
package dev.reseat.compute.cinder;
