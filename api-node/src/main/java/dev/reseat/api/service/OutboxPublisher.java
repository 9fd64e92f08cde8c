package dev.reseat.api.service;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends what stands in the outbox, oldest first, and deletes what the broker has. At least once: a crash between the two
 * sends again, under the same message id.
 */
public final class OutboxPublisher implements Service {
    private static final System.Logger LOG = System.getLogger(OutboxPublisher.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Database database;
    private final OutboxTable table;
    private final Notifier notifier;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    @Inject
    OutboxPublisher(Database database, OutboxTable table, Notifier notifier) {
        this.database = database;
        this.table = table;
        this.notifier = notifier;
        this.thread = Thread.ofVirtual().name("outbox").unstarted(this::loop);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        thread.interrupt();
    }

    private void loop() {
        try {
            do {
                publishAll();
            } while (!stopping.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publishAll() {
        try {
            boolean more = true;
            while (more && stopping.getCount() > 0) {
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
