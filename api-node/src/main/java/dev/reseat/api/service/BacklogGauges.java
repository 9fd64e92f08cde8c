package dev.reseat.api.service;

import dev.reseat.api.flow.Repeating;
import dev.reseat.api.model.Backlog;
import dev.reseat.api.model.Job;
import dev.reseat.api.store.BacklogReader;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What waits to be settled, sent or done, as gauges: not a number while the database does not tell. Every api-node
 * reads them from the database, so each shows the same.
 */
public final class BacklogGauges {
    private static final System.Logger LOG = System.getLogger(BacklogGauges.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Database database;
    private final BacklogReader reader;
    private volatile Optional<Seen> seen = Optional.empty();

    private record Seen(Backlog journal, Backlog outbox, Backlog jobs, Map<Job.State, Integer> states) {}

    @Inject
    BacklogGauges(Database database, BacklogReader reader, MeterRegistry meters) {
        this.database = database;
        this.reader = reader;
        register(meters, "reseat.journal.unsettled", "Repairs under way, cut off, or of unknown outcome",
                Seen::journal);
        register(meters, "reseat.outbox.waiting", "Notifications that are not sent yet", Seen::outbox);
        register(meters, "reseat.jobs.active", "Jobs that should be moving; their age counts from the last item that"
                + " began or ended", Seen::jobs);
        Arrays.stream(Job.State.values())
                .filter(state -> !state.isFinal())
                .forEach(state -> Gauge
                        .builder("reseat.jobs", this,
                                gauges -> gauges.value(all -> all.states().getOrDefault(state, 0)))
                        .tag("state", state.name().toLowerCase(Locale.ROOT))
                        .description("Jobs that are not over")
                        .register(meters));
    }

    private void register(MeterRegistry meters, String name, String what, Function<Seen, Backlog> of) {
        Gauge.builder(name, this, gauges -> gauges.value(all -> of.apply(all).count()))
                .description(what)
                .register(meters);
        TimeGauge.builder(name + ".age", this, TimeUnit.MILLISECONDS,
                gauges -> gauges.value(all -> of.apply(all).age().toMillis()))
                .description("For how long the oldest of " + name + " has been waiting")
                .register(meters);
    }

    /** To be run again and again. */
    public Service service() {
        return new Repeating("backlog gauges", PAUSE, this::read);
    }

    void read() {
        try {
            seen = Optional.of(database.cinder()
                    .transaction(tx -> new Seen(
                            reader.journal(tx), reader.outbox(tx), reader.jobs(tx), reader.jobStates(tx))));
        } catch (StoreException e) {
            seen = Optional.empty();
            LOG.log(Level.WARNING, "what waits cannot be counted: {0}", e.getMessage());
        }
    }

    private double value(Function<Seen, Number> of) {
        return seen.map(of).map(Number::doubleValue).orElse(Double.NaN);
    }
}
