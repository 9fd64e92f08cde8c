package dev.reseat.api.service;

import dev.reseat.api.flow.Repeating;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.OutboxRow;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.notification.Notification;
import dev.reseat.rpc.notification.Notifier;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Sends what stands in the outbox, oldest first, and deletes what the broker has. At least once: a crash between the
 * two sends again, under the same message id. No transaction waits for the broker. What cannot be read is set aside.
 */
public final class OutboxPublisher {
    private static final System.Logger LOG = System.getLogger(OutboxPublisher.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** For all of a batch; for the one under way then, once more. */
    private static final Duration WITHIN = Duration.ofSeconds(10);
    /** Longer than the broker is waited for, so that nobody else sends meanwhile. */
    private static final Duration CLAIM = Duration.ofSeconds(60);
    private static final int AT_ONCE = 50;

    private final Database database;
    private final OutboxTable table;
    private final Notifier notifier;
    private final Counter parked;

    @Inject
    OutboxPublisher(Database database, OutboxTable table, Notifier notifier, MeterRegistry meters) {
        this.database = database;
        this.table = table;
        this.notifier = notifier;
        this.parked = Counter.builder("reseat.outbox.parked")
                .description("Notifications that could not be read and were set aside")
                .register(meters);
    }

    /** To be run again and again. */
    public Service service() {
        return new Repeating("outbox", PAUSE, this::publishAll);
    }

    /** How many notifications wait for somebody to look at them. */
    public int parked() {
        return database.cinder().transaction(table::countParked);
    }

    /** Everything that can be sent now. */
    void publishAll() {
        try {
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                List<OutboxRow> rows = database.cinder().transaction(tx -> table.claim(tx, AT_ONCE, CLAIM));
                publish(rows);
                more = !rows.isEmpty();
            }
        } catch (RpcException | StoreException e) {
            LOG.log(Level.WARNING, "notifications wait in the outbox: {0}", e.getMessage());
        }
    }

    /** In order, until one cannot be sent or the time is over; what was not sent is given back. */
    private void publish(List<OutboxRow> rows) {
        Deadline deadline = Deadline.after(WITHIN);
        List<UUID> left = new ArrayList<>(rows.stream().map(OutboxRow::id).toList());
        List<UUID> sent = new ArrayList<>();
        try {
            for (OutboxRow row : rows) {
                if (deadline.isOver()) {
                    break;
                }
                Optional<Notification> notification = read(row);
                if (notification.isPresent()) {
                    notifier.publish(notification.get(), WITHIN);
                    sent.add(row.id());
                }
                left.remove(row.id());
            }
        } finally {
            settle(sent, left);
        }
    }

    /** What cannot be written now, the end of the claim makes up for: it is sent once more, under the same id. */
    private void settle(List<UUID> sent, List<UUID> left) {
        try {
            database.cinder().run(tx -> {
                if (!sent.isEmpty()) {
                    table.delete(tx, sent);
                }
                if (!left.isEmpty()) {
                    table.release(tx, left);
                }
            });
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "what was sent of the outbox may be sent again: {0}", e.getMessage());
        }
    }

    private Optional<Notification> read(OutboxRow row) {
        try {
            return Optional.of(notification(row));
        } catch (IllegalArgumentException | DateTimeException e) {
            database.cinder().run(tx -> table.park(tx, row.id(), e.getMessage()));
            parked.increment();
            LOG.log(Level.ERROR, "notification {0} cannot be read and is set aside: {1}", row.id(), e.getMessage());
            return Optional.empty();
        }
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
