package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Notifications to be sent, in the Cinder database. Sent at least once, in about the order written: claimed for a while
 * by the database's clock, sent outside any transaction, and then deleted. Stateless.
 */
public final class OutboxTable {
    private static final String WAITING =
            "parked_because IS NULL AND (claimed_until IS NULL OR claimed_until <= CURRENT_TIMESTAMP)";

    @Inject
    public OutboxTable() {}

    /** @param json stored letter by letter */
    public void insert(Transaction tx, UUID id, String json, Instant now) {
        tx.handle()
                .createUpdate("INSERT INTO reseat.outbox (id, message, created_at)"
                        + " VALUES (:id, CAST(:json AS json), :now)")
                .bind("id", id)
                .bind("json", json)
                .bind("now", now)
                .execute();
    }

    /**
     * The oldest ones that nobody else has claimed. They are the caller's, also after this transaction, until the time
     * is over; then others send them.
     *
     * @param time whole seconds
     */
    public List<OutboxRow> claim(Transaction tx, int limit, Duration time) {
        List<OutboxRow> rows = tx.handle()
                .createQuery("SELECT * FROM reseat.outbox WHERE " + WAITING
                        + " ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED")
                .bind("limit", limit)
                .map((result, context) -> outboxRow(new Row(result)))
                .list();
        for (OutboxRow row : rows) {
            tx.handle()
                    .createUpdate("UPDATE reseat.outbox SET claimed_until = CURRENT_TIMESTAMP + INTERVAL '"
                            + time.toSeconds() + "' SECOND WHERE id = :id")
                    .bind("id", row.id())
                    .execute();
        }
        return rows;
    }

    /** It was sent. Repeatable. */
    public void delete(Transaction tx, UUID id) {
        tx.handle().createUpdate("DELETE FROM reseat.outbox WHERE id = :id").bind("id", id).execute();
    }

    /** It was not sent: whoever comes next may. */
    public void release(Transaction tx, UUID id) {
        tx.handle()
                .createUpdate("UPDATE reseat.outbox SET claimed_until = NULL WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** It can never be sent as it stands: it is kept for whoever looks, and out of the way of the others. */
    public void park(Transaction tx, UUID id, String why) {
        tx.handle()
                .createUpdate("UPDATE reseat.outbox SET parked_because = :why WHERE id = :id")
                .bind("id", id)
                .bind("why", why)
                .execute();
    }

    public int countParked(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM reseat.outbox WHERE parked_because IS NOT NULL")
                .mapTo(int.class)
                .one();
    }

    private static OutboxRow outboxRow(Row row) throws SQLException {
        return new OutboxRow(row.uuid("id"), row.text("message"), row.time("created_at"));
    }
}
