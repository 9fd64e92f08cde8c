package dev.reseat.api.store.cinder;

import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The columns in which Cinder keeps that an operation is under way, and what it tells users of one that failed. */
public final class OperationTable {
    private static final String AS_ATTACHED = """
            CASE WHEN EXISTS (SELECT 1 FROM volume_attachment a
                              WHERE a.volume_id = volumes.id AND NOT a.deleted AND a.attach_status = 'attached')
                 THEN 'in-use' ELSE 'available' END""";
    /** Cinder's {@code message_ttl}. */
    private static final int KEPT_SECONDS = 2_592_000;

    @Inject
    public OperationTable() {}

    /** Where an operation is kept. */
    public enum State {
        STATUS("status"), MIGRATION("migration_status"), REPLICATION("replication_status");

        private final String column;

        State(String column) {
            this.column = column;
        }
    }

    /**
     * Ends it. Repeatable.
     *
     * @param id of the subject
     * @param from rows that say anything else stay as they are
     * @param to empty for the status that a volume's attachments make
     * @return how many rows were changed
     */
    public int end(
            Transaction tx, OperationSubject subject, String id, State state, Set<String> from,
            Optional<String> to) {
        var update = tx.handle()
                .createUpdate("UPDATE " + subject.table() + " SET " + state.column + " = "
                        + to.map(_ -> ":to").orElse(AS_ATTACHED) + ", updated_at = <utc> WHERE "
                        + subject.condition() + " AND NOT COALESCE(deleted, false) AND " + state.column
                        + " IN (<from>)")
                .bind("id", id)
                .bindList("from", List.copyOf(from));
        to.ifPresent(status -> update.bind("to", status));
        return update.execute();
    }

    /** The row by which a restarting volume service would take the operation up again. Repeatable. */
    public void removeWorker(Transaction tx, String resourceType, String id) {
        tx.handle()
                .createUpdate("DELETE FROM workers WHERE resource_type = :type AND resource_id = :id")
                .bind("type", resourceType)
                .bind("id", id)
                .execute();
    }

    /**
     * What Cinder's {@code /messages} tells the project of it from now on.
     *
     * @param requestId of who had asked
     * @param resourceType in the words of Cinder's messages
     * @param actionId what was asked for, by its number in Cinder
     * @param detailId what came of it, the same
     */
    public void tell(
            Transaction tx, OperationSubject subject, String id, Optional<String> requestId, String resourceType,
            String actionId, String detailId) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO messages (id, project_id, request_id, resource_type, resource_uuid, event_id,
                            message_level, detail_id, action_id, created_at, expires_at, deleted)
                        SELECT :message, project_id, :request, :type, :id, :event, 'ERROR', :detail, :action, <utc>,
                            <utc> + INTERVAL '%d' SECOND, false
                        FROM %s WHERE %s AND project_id IS NOT NULL
                        """.formatted(KEPT_SECONDS, subject.table(), subject.condition()))
                .bind("message", UUID.randomUUID().toString())
                .bind("request", requestId.orElse(null))
                .bind("type", resourceType)
                .bind("id", id)
                .bind("event", "VOLUME_" + resourceType + "_" + actionId + "_" + detailId)
                .bind("detail", detailId)
                .bind("action", actionId)
                .execute();
    }
}
