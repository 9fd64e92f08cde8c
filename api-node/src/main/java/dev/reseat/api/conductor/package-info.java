/**
 * What others may ask of us over RPC: agents and volume-managers, which have no database, for Nova's objects, for the
 * state of a volume and whether a step is still to be done; other services for diagnoses, findings, repairs and jobs.
 * Arguments in, result out.
 */
package dev.reseat.api.conductor;
