package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.Update;

/**
 * Notifications to be sent, in the Cinder database. Sent at least once, in about the order written: claimed for a while
 * by the database's clock, sent outside any transaction, and then deleted. Stateless.
 */
public final class OutboxTable {
    private static final String WAITING =
            "parked_because IS NULL AND (claimed_until IS NULL OR claimed_until <= CURRENT_TIMESTAMP(6))";

    @Inject
    public OutboxTable() {}

    /** @param json stored letter by letter */
    public void insert(Transaction tx, UUID id, String json, Instant now) {
        insertAll(tx, List.of(new OutboxRow(id, json, now)));
    }

    /** In that order, in one statement. */
    public void insertAll(Transaction tx, List<OutboxRow> rows) {
        String values = IntStream.range(0, rows.size())
                .mapToObj(i -> "(:id%1$d, CAST(:json%1$d AS <json>), :at%1$d)".formatted(i))
                .collect(Collectors.joining(", "));
        Update insert =
                tx.handle().createUpdate("INSERT INTO reseat.outbox (id, message, created_at) VALUES " + values);
        for (int i = 0; i < rows.size(); i++) {
            insert.bind("id" + i, rows.get(i).id())
                    .bind("json" + i, rows.get(i).json())
                    .bind("at" + i, rows.get(i).createdAt());
        }
        insert.execute();
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
        if (!rows.isEmpty()) {
            tx.handle()
                    .createUpdate("UPDATE reseat.outbox SET claimed_until = CURRENT_TIMESTAMP(6) + INTERVAL '"
                            + time.toSeconds() + "' SECOND WHERE id IN (<ids>)")
                    .bindList("ids", rows.stream().map(OutboxRow::id).toList())
                    .execute();
        }
        return rows;
    }

    /** They were sent. Repeatable. */
    public void delete(Transaction tx, Collection<UUID> ids) {
        tx.handle()
                .createUpdate("DELETE FROM reseat.outbox WHERE id IN (<ids>)")
                .bindList("ids", List.copyOf(ids))
                .execute();
    }

    /** They were not sent: whoever comes next may. */
    public void release(Transaction tx, Collection<UUID> ids) {
        tx.handle()
                .createUpdate("UPDATE reseat.outbox SET claimed_until = NULL WHERE id IN (<ids>)")
                .bindList("ids", List.copyOf(ids))
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
