package dev.reseat.api.flow;

import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.LogFields;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Settles what a crash or a timeout left open: looks at the journal for repairs whose process is gone or whose outcome
 * is unknown, asks what has become of them, and goes on or takes them back. Any api-node settles any other's. Each
 * entry is settled for itself, some beside each other: one that cannot be is reported and counted, and keeps none of
 * the others from it, nor does one that takes its time.
 */
public final class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    private final Journal journal;
    private final Map<JournalEntry.Kind, Recovery> recoveries;
    private final ReconcilerConfig config;
    private final InstantSource clock;
    private final Counter failures;

    @Inject
    public Reconciler(
            Journal journal,
            Map<JournalEntry.Kind, Recovery> recoveries,
            ReconcilerConfig config,
            InstantSource clock,
            MeterRegistry meters) {
        this.journal = journal;
        this.recoveries = Map.copyOf(recoveries);
        this.config = config;
        this.clock = clock;
        this.failures = Counter.builder("reseat.reconciler.failures")
                .description("Attempts to settle a journal entry that broke off")
                .register(meters);
    }

    /** To be run {@link ReconcilerConfig#interval} after {@code interval}. */
    public Service service() {
        return settling();
    }

    /** One look at the journal. Returns when all that it has found is settled, or will not be now. */
    public void settleAll() {
        settling().once();
    }

    private Settling settling() {
        return new Settling(config.interval(), this::unsettled, this::settleApart);
    }

    private List<UUID> unsettled() {
        try {
            return journal.unsettled();
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "cannot look at the journal: {0}", e.getMessage());
            return List.of();
        }
    }

    private void settleApart(UUID id) {
        apart(id, () -> journal.adopt(id).ifPresent(entry -> settle(entry, false)));
    }

    /** Goes on with a repair whose worker has reported; lets go of the entry. */
    void carryOn(Journal.Entry entry) {
        apart(entry.id(), () -> settle(entry, true));
    }

    /** What keeps a step from being done, in one sentence; empty for nothing. */
    Optional<String> obstacle(RequestContext context, JournalEntry row, String step) {
        try {
            recoveries.get(row.kind()).requireStillHolds(context, row, step);
            return Optional.empty();
        } catch (ServiceException e) {
            LOG.log(Level.WARNING, "step {0} of {1} is not admitted: {2}", step, row.id(), e.getMessage());
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void apart(UUID id, Runnable settling) {
        try {
            settling.run();
        } catch (ServiceException | StoreException | NotOwner e) {
            failures.increment();
            LOG.log(Level.WARNING, "journal entry {0} is not settled yet: {1}", id, e.getMessage());
        } catch (RuntimeException e) { // a row that cannot be read, or a defect: the other entries wait too
            failures.increment();
            LOG.log(Level.ERROR, "journal entry " + id + " cannot be settled", e);
        }
    }

    /** @param patient whether its peers are there to be waited for, however old it is */
    private void settle(Journal.Entry entry, boolean patient) {
        try (entry) {
            JournalEntry row = entry.row();
            try (var _ = LogFields.request(row.requestId())) {
                LOG.log(Level.INFO, "settling {0} of {1} ({2})", row.kind(), row.subjectId(), row.id());
                RequestContext context = RequestContext.admin().with("request_id", row.requestId());
                boolean young = clock.instant().isBefore(row.openedAt().plus(config.patience()));
                recoveries.get(row.kind()).settle(context, entry, row, patient || young);
            }
        }
    }
}
