/**
 * The compute agents: Nova's {@code nova.compute.rpcapi} as far as we play or call it, and our own methods in namespace
 * {@code reseat}. Versioned objects are Nova's.
 */
package dev.reseat.contract.compute;
