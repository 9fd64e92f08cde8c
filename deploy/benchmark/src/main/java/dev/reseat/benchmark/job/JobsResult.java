package dev.reseat.benchmark.job;

/**
 * What a job of so many items took.
 *
 * @param planSeconds until each item had asked its sources
 * @param runSeconds from then until each had ended
 * @param p50Millis of one item, from its claim to its end
 * @param statements that the database was sent for an item, of the whole job
 * @param cpuMillis of all api-nodes, for an item
 * @param heapBytes of an api-node after a full collection
 */
record JobsResult(
        int items, double planSeconds, double runSeconds, double p50Millis, double p99Millis, double statements,
        double cpuMillis, long heapBytes) {
    /** Ended in a second, once planned. */
    double perSecond() {
        return items / runSeconds;
    }
}
