/**
 * What agents and volume-managers, which have no database, may ask of us over RPC: Nova's object queries, and the state
 * a volume-manager reads or has committed. Arguments in, result out.
 */
package dev.reseat.api.conductor;
