package dev.reseat.benchmark.job;

/**
 * What sweeps took.
 *
 * @param firstSeconds of the first one, in a JVM that has just started, with all findings to write
 * @param seconds of the quickest later one
 * @param heapBytes of the api-node after a full collection
 */
record SweepResult(int volumes, int hosts, double firstSeconds, double seconds, long heapBytes) {}
