package dev.reseat.api.finding;

import dev.reseat.api.flow.Repeating;
import dev.reseat.api.model.FindingCount;
import dev.reseat.api.model.Sweep;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.finding.FindingTable;
import dev.reseat.api.store.finding.SweepTable;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Findings and sweeps as gauges. Every api-node reads them from the database, so each shows the same, whoever has done
 * the sweep.
 */
final class FindingGauges {
    private static final System.Logger LOG = System.getLogger(FindingGauges.class.getName());
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Database database;
    private final FindingTable findings;
    private final SweepTable sweeps;
    private final InstantSource clock;
    private final MultiGauge open;
    private final MultiGauge ages;
    private final MultiGauge silent;
    private volatile Optional<Instant> begun = Optional.empty();
    private volatile Optional<Instant> seen = Optional.empty();

    @Inject
    FindingGauges(
            Database database, FindingTable findings, SweepTable sweeps, InstantSource clock, MeterRegistry meters) {
        this.database = database;
        this.findings = findings;
        this.sweeps = sweeps;
        this.clock = clock;
        this.open = MultiGauge.builder("reseat.findings")
                .description("Findings that are not gone, by pattern, verdict, backend and state")
                .register(meters);
        this.ages = MultiGauge.builder("reseat.findings.age")
                .description("For how long the oldest of them has been seen, by pattern, verdict, backend and state")
                .baseUnit("seconds")
                .register(meters);
        this.silent = MultiGauge.builder("reseat.sweep.silent")
                .description("Hosts, backends and cells that did not answer the last sweep")
                .register(meters);
        TimeGauge.builder("reseat.sweep.age", this, TimeUnit.MILLISECONDS, FindingGauges::age)
                .description("How long ago the last sweep began that has come to its end, or before the first one this"
                        + " api-node")
                .register(meters);
    }

    /** @param interval of sweeps */
    Service service(Duration interval) {
        begun = Optional.of(clock.instant());
        return new Repeating(
                "finding gauges", interval.compareTo(LONGEST_PAUSE) < 0 ? interval : LONGEST_PAUSE, this::read);
    }

    private void read() {
        try {
            List<FindingCount> counts = database.cinder().transaction(findings::count);
            Optional<Sweep> sweep = database.cinder().transaction(sweeps::latestDone);
            open.register(
                    counts.stream().map(count -> MultiGauge.Row.of(tags(count), count.findings())).toList(), true);
            ages.register(counts.stream().map(count -> MultiGauge.Row.of(tags(count), age(count.since()))).toList(),
                    true);
            sweep.ifPresent(last -> silent.register(
                    List.of(
                            MultiGauge.Row.of(Tags.of("kind", "host"), last.silentHosts().size()),
                            MultiGauge.Row.of(Tags.of("kind", "backend"), last.silentBackends().size()),
                            MultiGauge.Row.of(Tags.of("kind", "cell"), last.silentCells().size())),
                    true));
            seen = sweep.map(Sweep::startedAt);
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "findings cannot be counted: {0}", e.getMessage());
        }
    }

    private static Tags tags(FindingCount count) {
        return Tags.of(
                "pattern", count.pattern(), "verdict", count.verdict(), "backend", count.backend(), "state",
                count.state());
    }

    private double age(Instant since) {
        return Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
    }

    /** Not a number where there are no sweeps; a first one that never ends is overdue as any other is. */
    private double age() {
        return seen.or(() -> begun)
                .map(at -> (double) Duration.between(at, clock.instant()).toMillis())
                .orElse(Double.NaN);
    }
}
