/**
 * The volume service: Cinder's {@code cinder.volume.rpcapi} as far as we play or call it, and our own methods in
 * namespace {@code reseat}. Versioned objects are Cinder's.
 */
package dev.reseat.contract.volume;
