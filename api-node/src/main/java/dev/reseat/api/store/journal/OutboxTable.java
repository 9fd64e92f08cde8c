package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Notifications to be sent, in the Cinder database. Sent at least once, in about the order written: claimed, sent and
 * deleted in one transaction. Stateless.
 */
public final class OutboxTable {
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

    /** The oldest ones that nobody else has claimed. They are this transaction's until its end. */
    public List<OutboxRow> claim(Transaction tx, int limit) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.outbox ORDER BY position LIMIT :limit FOR UPDATE SKIP LOCKED")
                .bind("limit", limit)
                .map((result, context) -> outboxRow(new Row(result)))
                .list();
    }

    /** It was sent. Repeatable. */
    public void delete(Transaction tx, UUID id) {
        tx.handle().createUpdate("DELETE FROM reseat.outbox WHERE id = :id").bind("id", id).execute();
    }

    private static OutboxRow outboxRow(Row row) throws SQLException {
        return new OutboxRow(row.uuid("id"), row.text("message"), row.time("created_at"));
    }
}
