/**
 * What every process shares: start and stop, deadlines, settings, log fields. A closed list; anything with a subject
 * of its own belongs in a room of that name.
 */
package dev.reseat.runtime;
