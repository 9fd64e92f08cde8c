package dev.reseat.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one round, or the median of several, has shown.
 *
 * @param perSecond completed calls; casts that have arrived; fanouts that have arrived everywhere
 * @param p50 milliseconds from the caller's side
 * @param p99 milliseconds
 * @param client CPU microseconds of the client's process for each
 * @param server of the server's process
 * @param broker of the broker's
 */
record Measurement(
        long count, long failed, double perSecond, double p50, double p99, double client, double server,
        double broker) {

    static Measurement median(List<Measurement> rounds) {
        return new Measurement(
                rounds.stream().mapToLong(Measurement::count).sum(),
                rounds.stream().mapToLong(Measurement::failed).sum(),
                median(rounds, Measurement::perSecond),
                median(rounds, Measurement::p50),
                median(rounds, Measurement::p99),
                median(rounds, Measurement::client),
                median(rounds, Measurement::server),
                median(rounds, Measurement::broker));
    }

    private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[half]
                : Arrays.stream(sorted, half - 1, half + 1).average().orElseThrow();
    }
}
