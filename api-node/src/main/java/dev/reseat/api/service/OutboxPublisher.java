package dev.reseat.api.service;

import dev.reseat.api.flow.Repeating;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.OutboxRow;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.notification.Notification;
import dev.reseat.rpc.notification.Notifier;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Sends what stands in the outbox, oldest first, and deletes what the broker has. At least once: a crash between the two
 * sends again, under the same message id.
 */
public final class OutboxPublisher {
    private static final System.Logger LOG = System.getLogger(OutboxPublisher.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Database database;
    private final OutboxTable table;
    private final Notifier notifier;

    @Inject
    OutboxPublisher(Database database, OutboxTable table, Notifier notifier) {
        this.database = database;
        this.table = table;
        this.notifier = notifier;
    }

    /** To be run again and again. */
    public Service service() {
        return new Repeating("outbox", PAUSE, this::publishAll);
    }

    private void publishAll() {
        try {
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                more = database.cinder().transaction(this::publishOldest);
            }
        } catch (RpcException | StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "notifications wait in the outbox: {0}", e.getMessage());
        }
    }

    /** One for each transaction: the row stays claimed while the broker takes it, and what is sent stays deleted. */
    private boolean publishOldest(Transaction tx) {
        List<OutboxRow> rows = table.claim(tx, 1);
        for (OutboxRow row : rows) {
            notifier.publish(notification(row), WITHIN);
            table.delete(tx, row.id());
        }
        return !rows.isEmpty();
    }

    private static Notification notification(OutboxRow row) {
        Outbox.Stored stored = JsonText.read(row.json(), Outbox.Stored.class);
        return new Notification(
                row.id(),
                stored.publisherId(),
                stored.eventType(),
                Notification.Priority.INFO,
                stored.payload(),
                Instant.parse(stored.time()),
                new RequestContext(stored.context()));
    }
}
