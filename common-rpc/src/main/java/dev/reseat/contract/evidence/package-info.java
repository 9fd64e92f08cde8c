/** What a source of truth was asked about a volume, and what it said: the words that all services share. */
package dev.reseat.contract.evidence;
