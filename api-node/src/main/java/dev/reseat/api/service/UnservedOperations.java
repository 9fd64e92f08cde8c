package dev.reseat.api.service;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cinder.OperationSubject;
import dev.reseat.api.store.cinder.OperationTable;
import dev.reseat.contract.state.CinderOperation;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of rows that say an operation is under way which no volume-manager does. Cinder writes them before it
 * casts, and waits for its volume service to write them again. Nothing was done at the backend: so what only looks
 * after a volume goes back to what the volume's attachments make, and what was to make or unmake something, or failed
 * in the eyes of its user, ends in Cinder's error state for it.
 */
public final class UnservedOperations {
    private static final System.Logger LOG = System.getLogger(UnservedOperations.class.getName());
    /** Cinder has no number for the action; it is shown as unknown. */
    private static final String NO_ACTION = "000";
    private static final String NO_DETAIL = "001";

    private final Database database;
    private final OperationTable table;

    @Inject
    public UnservedOperations(Database database, OperationTable table) {
        this.database = database;
        this.table = table;
    }

    /** @param resource in the words of Cinder's messages */
    private record Notice(String resource, String action, String detail) {}

    /**
     * Settles them, each only if it still says so; what else the operation concerns only if its own row did.
     * Repeatable.
     *
     * @param id of what it was for
     * @return what was changed
     */
    public List<String> settle(RequestContext context, CinderOperation operation, String id) {
        List<String> changes = database.cinder().transaction(tx -> end(tx, operation, id));
        changes.forEach(change -> LOG.log(System.Logger.Level.WARNING, "{0} was asked for and is not served: {1}",
                operation.method(), change));
        if (!changes.isEmpty()) {
            notice(operation).ifPresent(notice -> tell(context, operation, id, notice));
        }
        return changes;
    }

    private List<String> end(Transaction tx, CinderOperation operation, String id) {
        List<String> changed = new ArrayList<>();
        for (OperationEnding ending : OperationEnding.of(operation)) {
            int rows = table.end(tx, ending.subject(), id, ending.state(), ending.from(), ending.to());
            if (rows > 0) {
                changed.add(ending.text(id));
            } else if (changed.isEmpty()) {
                return List.of();
            }
        }
        OperationSubject subject = OperationEnding.of(operation).getFirst().subject();
        if (subject == OperationSubject.VOLUME || subject == OperationSubject.SNAPSHOT) {
            table.removeWorker(tx, subject == OperationSubject.VOLUME ? "Volume" : "Snapshot", id);
        }
        return changed;
    }

    /** As in Cinder, what users cannot be told is no reason to leave a row as it is. */
    private void tell(RequestContext context, CinderOperation operation, String id, Notice notice) {
        OperationSubject subject = OperationEnding.of(operation).getFirst().subject();
        try {
            database.cinder()
                    .run(tx -> table.tell(tx, subject, id, context.requestId(), notice.resource(), notice.action(),
                            notice.detail()));
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.WARNING, "{0} of {1}: its project cannot be told: {2}", operation.method(), id,
                    e.getMessage());
        }
    }

    /** In Cinder's numbers, which its users' programs know. */
    private static Optional<Notice> notice(CinderOperation operation) {
        return switch (operation) {
            case CREATE_VOLUME -> Optional.of(new Notice("VOLUME", "008", "012"));
            case EXTEND_VOLUME -> Optional.of(new Notice("VOLUME", "007", "010"));
            case COPY_VOLUME_TO_IMAGE -> Optional.of(new Notice("VOLUME", "003", "004"));
            case REIMAGE -> Optional.of(new Notice("VOLUME", "016", "028"));
            case DELETE_VOLUME, RETYPE, MIGRATE_VOLUME, MANAGE_EXISTING, REVERT_TO_SNAPSHOT ->
                Optional.of(new Notice("VOLUME", NO_ACTION, NO_DETAIL));
            case CREATE_SNAPSHOT, MANAGE_EXISTING_SNAPSHOT ->
                Optional.of(new Notice("VOLUME_SNAPSHOT", "009", "013"));
            case DELETE_SNAPSHOT -> Optional.of(new Notice("VOLUME_SNAPSHOT", "010", "016"));
            case GET_BACKUP_DEVICE -> Optional.of(new Notice("VOLUME_BACKUP", "013", "019"));
            case CREATE_GROUP, CREATE_GROUP_FROM_SRC, DELETE_GROUP, UPDATE_GROUP, ENABLE_REPLICATION,
                    DISABLE_REPLICATION, FAILOVER_REPLICATION, CREATE_GROUP_SNAPSHOT, DELETE_GROUP_SNAPSHOT,
                    FAILOVER, FAILOVER_HOST ->
                Optional.empty();
        };
    }
}
