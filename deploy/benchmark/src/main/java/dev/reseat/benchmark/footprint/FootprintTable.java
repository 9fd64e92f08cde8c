package dev.reseat.benchmark.footprint;

import java.util.Locale;

/** What processes take, as tables of Markdown. */
final class FootprintTable {
    static final String HEAD = """
            | process | ready s (median of starts) | from - to | CPU s | PSS MiB | RSS MiB | threads | idle % of a core \
            | calls/s, first 4 s | warm | first / warm |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;
    static final String AIMS_HEAD = """

            | aim | measured | |
            |---|--:|---|
            """;
    private static final double IDLE_PERCENT = 0.2;
    private static final double FIRST_SHARE = 0.8;

    private FootprintTable() {}

    static String row(Footprint one) {
        return String.format(Locale.ROOT, "| %s | %.2f | %.2f - %.2f | %.2f | %.1f | %.1f | %d | %.2f | %s |%n",
                one.label(), one.medianReady(), one.readySeconds().getFirst(), one.readySeconds().getLast(),
                one.readyCpuSeconds(), one.megabytes(), one.residentBytes() / 1024.0 / 1024, one.threads(),
                one.idlePercent(),
                one.warmCalls() == 0
                        ? " | | "
                        : String.format(Locale.ROOT, "%.0f | %.0f | %.2f", one.firstCalls(), one.warmCalls(),
                                one.firstCalls() / one.warmCalls()));
    }

    /** Empty for what is not ours. */
    static String aims(Footprint one) {
        return one.aims()
                .map(service -> aim(service.program() + ": ready within s", one.medianReady(), service.readySeconds())
                        + aim(service.program() + ": PSS MiB at most", one.megabytes(), service.megabytes())
                        + aim(service.program() + ": idle % at most", one.idlePercent(), IDLE_PERCENT)
                        + (one.warmCalls() == 0
                                ? ""
                                : line(service.program() + ": first calls / warm at least " + FIRST_SHARE,
                                        one.firstCalls() / one.warmCalls(),
                                        one.firstCalls() >= FIRST_SHARE * one.warmCalls())))
                .orElse("");
    }

    private static String aim(String what, double measured, double most) {
        return line(String.format(Locale.ROOT, "%s %.2f", what, most), measured, measured <= most);
    }

    private static String line(String what, double measured, boolean met) {
        return String.format(Locale.ROOT, "| %s | %.2f | %s |%n", what, measured, met ? "met" : "missed");
    }
}
