package dev.reseat.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The results as a table of Markdown. */
final class Table {
    private static final String HEAD = """
            | what | bytes | in flight | contender | per s | × floor | × bare | p50 ms | p99 ms | client µs | server µs | broker µs |
            |---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|
            """;

    private Table() {}

    static String of(Results results) {
        var text = new StringBuilder(HEAD);
        for (Workload workload : results.workloads()) {
            Optional<Measurement> floor = results.median(workload, Contender.FLOOR);
            Optional<Measurement> bare = results.median(workload, Contender.FLOOR_BARE);
            for (Contender contender : results.contenders(workload)) {
                results.median(workload, contender)
                        .ifPresent(median -> text.append(row(workload, contender, median, floor, bare)));
            }
        }
        return text.toString();
    }

    private static String row(
            Workload workload, Contender contender, Measurement median, Optional<Measurement> floor,
            Optional<Measurement> bare) {
        List<String> cells = new ArrayList<>(List.of(workload.kind().label(), String.valueOf(workload.size()),
                String.valueOf(workload.inFlight()), contender.label(), number(0, median.perSecond())));
        cells.add(ratio(median, floor));
        cells.add(ratio(median, bare));
        cells.add(number(2, median.p50()));
        cells.add(number(2, median.p99()));
        cells.add(number(0, median.client()));
        cells.add(number(0, median.server()));
        cells.add(number(0, median.broker()));
        return "| " + String.join(" | ", cells) + " |" + (median.failed() > 0 ? " " + median.failed() + " FAILED" : "")
                + "\n";
    }

    private static String ratio(Measurement median, Optional<Measurement> base) {
        return base.map(other -> number(2, median.perSecond() / other.perSecond())).orElse("");
    }

    private static String number(int digits, double value) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
