/**
 * How this host holds volumes and lets go of them, one sub-room per protocol. Requests come to look and to let go; to
 * connect is nova-compute's, and is here for hosts that have none. Knows neither guests nor Cinder; used by
 * {@code service}.
 */
package dev.reseat.compute.connector;
