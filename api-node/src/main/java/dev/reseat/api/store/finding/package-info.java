/** What sweeps have found, in schema {@code reseat} of the Cinder database. */
package dev.reseat.api.store.finding;
