/**
 * {@code deploy/bench jobs}: jobs of many items on real api-nodes, against volume-managers and agents that are
 * simulated here. Knows nothing of the other benchmarks.
 */
package dev.reseat.benchmark.job;
