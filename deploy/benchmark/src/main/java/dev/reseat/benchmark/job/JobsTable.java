package dev.reseat.benchmark.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What jobs took, as tables of Markdown. */
final class JobsTable {
    private static final double MEGA = 1024.0 * 1024;
    private static final int AIMED_ITEMS = 10_000;
    private static final double AIMED_SECONDS = 30;
    private static final double AIMED_STATEMENTS = 12;
    private static final int SMALL_ITEMS = 1000;
    /** What is left on a heap after a collection differs by so much without any reason. */
    private static final double FLAT = 1.25;
    private static final double AIMED_SWEEP_SECONDS = 15;
    static final String HEAD = """
            | items | planned in s | run in s | items/s | p50 ms | p99 ms | statements each \
            | CPU ms each | heap MB |
            |--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;
    static final String LOOPS = """

            | one after the other | volumes/s | job of the largest size × |
            |---|--:|--:|
            """;

    static final String SWEEP = """

            | volumes | hosts | first sweep in s | later ones in s | heap MB |
            |--:|--:|--:|--:|--:|
            """;

    static final String HEAP = """

            | items of the job | after s | planned | ended | heap MB |
            |--:|--:|--:|--:|--:|
            """;

    private JobsTable() {}

    static String row(JobHeap.Sample sample) {
        return String.format(
                Locale.ROOT, "| %d | %.0f | %d | %d | %.1f |%n", sample.items(), sample.seconds(), sample.planned(),
                sample.ended(), sample.heapBytes() / MEGA);
    }

    static String row(SweepResult result) {
        return String.format(
                Locale.ROOT, "| %d | %d | %.1f | %.1f | %.0f |%n", result.volumes(), result.hosts(),
                result.firstSeconds(), result.seconds(), result.heapBytes() / MEGA);
    }

    static String row(JobsResult result) {
        return String.format(
                Locale.ROOT, "| %d | %.1f | %.1f | %.0f | %.0f | %.0f | %.1f | %.2f | %.0f |%n", result.items(),
                result.planSeconds(), result.runSeconds(), result.perSecond(), result.p50Millis(), result.p99Millis(),
                result.statements(), result.cpuMillis(), result.heapBytes() / MEGA);
    }

    /** @param largest the job with most items: planned and run, it is that many times as fast */
    static String loop(String what, double perSecond, JobsResult largest) {
        double job = largest.items() / (largest.planSeconds() + largest.runSeconds());
        return String.format(Locale.ROOT, "| %s | %.1f | %.1f |%n", what, perSecond, job / perSecond);
    }

    /** A line for each aim that these results say something about. */
    static String aims(List<JobsResult> results, Optional<SweepResult> sweep) {
        StringBuilder lines = new StringBuilder();
        sweep.ifPresent(result -> aim(
                lines, "a sweep of " + result.volumes() + " volumes over " + result.hosts() + " agents, seconds",
                result.seconds(), AIMED_SWEEP_SECONDS));
        results.stream().filter(result -> result.items() == AIMED_ITEMS).forEach(result -> {
            aim(lines, "10000 resets, planned already, seconds", result.runSeconds(), AIMED_SECONDS);
            aim(lines, "10000 resets with planning, seconds", result.planSeconds() + result.runSeconds(),
                    AIMED_SECONDS);
        });
        if (!results.isEmpty()) {
            aim(lines, "statements of an item", results.getLast().statements(), AIMED_STATEMENTS);
        }
        results.stream()
                .filter(result -> result.items() == SMALL_ITEMS)
                .findFirst()
                .ifPresent(small -> results.stream()
                        .filter(result -> result.items() > SMALL_ITEMS)
                        .forEach(result -> aim(
                                lines, "heap after a job of " + result.items() + ", × that after " + SMALL_ITEMS,
                                (double) result.heapBytes() / small.heapBytes(), FLAT)));
        return lines.toString();
    }

    private static void aim(StringBuilder lines, String what, double measured, double aimed) {
        lines.append(String.format(
                Locale.ROOT, "%s: %.2f, aim %.2f: %s%n", what, measured, aimed,
                measured <= aimed ? "met" : "MISSED"));
    }
}
