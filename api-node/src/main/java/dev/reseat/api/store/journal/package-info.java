/**
 * Our own tables in schema {@code reseat}: what was intended, how far it went, who does it, what is still to be sent.
 */
package dev.reseat.api.store.journal;
