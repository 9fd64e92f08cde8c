/**
 * A broker inside one JVM that keeps the promises of a real one: for the all-in-one process and for unit tests. Knows
 * the transport's words only.
 */
package dev.reseat.rpc.transport.memory;
