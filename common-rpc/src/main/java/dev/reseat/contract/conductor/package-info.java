/** What agents ask of the conductor ({@code nova.conductor.rpcapi} 3.0): objects by query. */
package dev.reseat.contract.conductor;
