/**
 * Connecting this host to a volume and taking the connection down again, one sub-room per protocol. Knows neither
 * guests nor Cinder; used by {@code service}.
 */
package dev.reseat.compute.connector;
