/**
 * Bytes in, bytes out: addresses, deliveries and the promises every transport keeps. Knows no envelope; the transports
 * themselves are rooms below and never see each other.
 */
package dev.reseat.rpc.transport;
