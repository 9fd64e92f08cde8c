/** What the sources of truth say about a volume, and what follows from it. Asks nobody itself: no I/O, no clock. */
package dev.reseat.api.evidence;
