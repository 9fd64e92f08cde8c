package dev.reseat.api.flow;

import dev.reseat.api.service.ServiceException;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.LogFields;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Map;

/**
 * Settles what a crash or a timeout left open: looks at the journal for repairs whose process is gone or whose outcome is
 * unknown, asks what has become of them, and goes on or takes them back. Any api-node settles any other's.
 */
public final class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    private final Journal journal;
    private final Map<JournalEntry.Kind, Recovery> recoveries;
    private final ReconcilerConfig config;
    private final InstantSource clock;

    @Inject
    public Reconciler(
            Journal journal,
            Map<JournalEntry.Kind, Recovery> recoveries,
            ReconcilerConfig config,
            InstantSource clock) {
        this.journal = journal;
        this.recoveries = Map.copyOf(recoveries);
        this.config = config;
        this.clock = clock;
    }

    /** To be run {@link ReconcilerConfig#interval} after {@code interval}. */
    public Service service() {
        return new Repeating("reconciler", config.interval(), this::settleAll);
    }

    /** One look at the journal. */
    public void settleAll() {
        try {
            for (JournalEntry row : journal.unsettled()) {
                journal.adopt(row).ifPresent(entry -> settle(entry, row));
            }
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot look at the journal: {0}", e.getMessage());
        }
    }

    private void settle(Journal.Entry entry, JournalEntry row) {
        try (entry; var _ = LogFields.request(row.requestId())) {
            LOG.log(System.Logger.Level.INFO, "settling {0} of {1} ({2})", row.kind(), row.subjectId(), row.id());
            RequestContext context = RequestContext.admin().with("request_id", row.requestId());
            boolean patient = clock.instant().isBefore(row.openedAt().plus(config.patience()));
            recoveries.get(row.kind()).settle(context, entry, row, patient);
        } catch (ServiceException | StoreException | IllegalArgumentException e) { // the last: of a row that cannot be read
            LOG.log(System.Logger.Level.WARNING, "{0} of {1}: {2}", row.kind(), row.subjectId(), e.getMessage());
        }
    }
}
