/** The one place that sees all rooms of {@code rpc}: settings to a transport, a client, servers and notifiers. */
package dev.reseat.rpc.wiring;
