/**
 * Measures our RPC beside its peers: starts a broker and a client and a server of each contender, lets them take turns,
 * and prints one table. The processes themselves are in {@code peer}; nobody imports this.
 */
package dev.reseat.benchmark;
