package dev.reseat.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What we want to reach beside the others, and whether we did. */
final class Aims {
    private Aims() {}

    /** @param most whether the ratio may not be higher, or else not lower */
    private record Aim(
            String name, int inFlight, Contender other, ToDoubleFunction<Measurement> of, double ratio, boolean most) {}

    private static final List<Aim> AIMS = List.of(
            new Aim("calls/s", 64, Contender.FLOOR, Measurement::perSecond, 0.9, false),
            new Aim("calls/s", 64, Contender.SPRING, Measurement::perSecond, 3, false),
            new Aim("calls/s", 64, Contender.OSLO, Measurement::perSecond, 15, false),
            new Aim("p50", 1, Contender.FLOOR, Measurement::p50, 1.2, true));

    /** A line of Markdown for each aim that these results say something about. */
    static List<String> lines(Results results) {
        List<String> lines = new ArrayList<>();
        for (Aim aim : AIMS) {
            for (Workload workload : results.workloads()) {
                if (workload.kind() == Workload.Kind.CALL && workload.inFlight() == aim.inFlight()) {
                    line(aim, workload, results).ifPresent(lines::add);
                }
            }
        }
        return lines;
    }

    private static Optional<String> line(Aim aim, Workload workload, Results results) {
        Optional<Measurement> ours = results.median(workload, Contender.OURS);
        Optional<Measurement> other = results.median(workload, aim.other());
        if (ours.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        double ratio = aim.of().applyAsDouble(ours.get()) / aim.of().applyAsDouble(other.get());
        boolean met = aim.most() ? ratio <= aim.ratio() : ratio >= aim.ratio();
        return Optional.of(String.format(Locale.ROOT, "| %d in flight, %d bytes: %s | %s %.1f × %s | %.2f | %s |",
                workload.inFlight(), workload.size(), aim.name(), aim.most() ? "≤" : "≥", aim.ratio(),
                aim.other().label(), ratio, met ? "met" : "MISSED"));
    }
}
