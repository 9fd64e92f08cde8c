package dev.reseat.api.service;

import static dev.reseat.api.store.cinder.OperationSubject.BACKUP;
import static dev.reseat.api.store.cinder.OperationSubject.GROUP;
import static dev.reseat.api.store.cinder.OperationSubject.GROUP_SNAPSHOT;
import static dev.reseat.api.store.cinder.OperationSubject.SNAPSHOT;
import static dev.reseat.api.store.cinder.OperationSubject.SNAPSHOTS_OF_GROUP_SNAPSHOT;
import static dev.reseat.api.store.cinder.OperationSubject.SNAPSHOTS_OF_VOLUME;
import static dev.reseat.api.store.cinder.OperationSubject.VOLUME;
import static dev.reseat.api.store.cinder.OperationSubject.VOLUMES_OF_GROUP;
import static dev.reseat.api.store.cinder.OperationSubject.VOLUME_OF_BACKUP;
import static dev.reseat.api.store.cinder.OperationSubject.VOLUME_SERVICE;

import dev.reseat.api.store.cinder.OperationSubject;
import dev.reseat.api.store.cinder.OperationTable.State;
import dev.reseat.contract.state.CinderOperation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a row ends that says an operation is under way which nobody does.
 *
 * @param from what it says meanwhile
 * @param to empty for what the volume's attachments make
 */
record OperationEnding(OperationSubject subject, State state, Set<String> from, Optional<String> to) {
    private static final Map<CinderOperation, List<OperationEnding>> ALL = Map.ofEntries(
            Map.entry(CinderOperation.CREATE_VOLUME, List.of(status(VOLUME, "error", "creating", "downloading"))),
            Map.entry(CinderOperation.DELETE_VOLUME, List.of(status(VOLUME, "error_deleting", "deleting"))),
            Map.entry(CinderOperation.EXTEND_VOLUME, List.of(status(VOLUME, "error_extending", "extending"))),
            Map.entry(CinderOperation.MANAGE_EXISTING,
                    List.of(status(VOLUME, "error_managing", "managing", "creating"))),
            Map.entry(CinderOperation.RETYPE, List.of(asAttached(VOLUME, "retyping"))),
            Map.entry(CinderOperation.COPY_VOLUME_TO_IMAGE, List.of(asAttached(VOLUME, "uploading"))),
            Map.entry(CinderOperation.REIMAGE, List.of(asAttached(VOLUME, "downloading"))),
            Map.entry(CinderOperation.MIGRATE_VOLUME, List.of(
                    new OperationEnding(
                            VOLUME, State.MIGRATION, Set.of("starting", "migrating"), Optional.of("error")),
                    asAttached(VOLUME, "maintenance"))),
            Map.entry(CinderOperation.REVERT_TO_SNAPSHOT, List.of(
                    asAttached(VOLUME, "reverting"), status(SNAPSHOTS_OF_VOLUME, "available", "restoring"))),
            Map.entry(CinderOperation.CREATE_SNAPSHOT, List.of(status(SNAPSHOT, "error", "creating"))),
            Map.entry(CinderOperation.MANAGE_EXISTING_SNAPSHOT, List.of(status(SNAPSHOT, "error", "creating"))),
            Map.entry(CinderOperation.DELETE_SNAPSHOT, List.of(status(SNAPSHOT, "error_deleting", "deleting"))),
            Map.entry(CinderOperation.GET_BACKUP_DEVICE, List.of(
                    status(BACKUP, "error", "creating"), asAttached(VOLUME_OF_BACKUP, "backing-up"))),
            Map.entry(CinderOperation.CREATE_GROUP, List.of(status(GROUP, "error", "creating"))),
            Map.entry(CinderOperation.CREATE_GROUP_FROM_SRC, List.of(
                    status(GROUP, "error", "creating"), status(VOLUMES_OF_GROUP, "error", "creating"))),
            Map.entry(CinderOperation.DELETE_GROUP, List.of(
                    status(GROUP, "error_deleting", "deleting"),
                    status(VOLUMES_OF_GROUP, "error_deleting", "deleting"))),
            Map.entry(CinderOperation.UPDATE_GROUP, List.of(status(GROUP, "available", "updating"))),
            Map.entry(CinderOperation.ENABLE_REPLICATION, List.of(replication(GROUP, "error", "enabling"))),
            Map.entry(CinderOperation.DISABLE_REPLICATION, List.of(replication(GROUP, "error", "disabling"))),
            Map.entry(CinderOperation.FAILOVER_REPLICATION, List.of(replication(GROUP, "error", "failing-over"))),
            Map.entry(CinderOperation.CREATE_GROUP_SNAPSHOT, List.of(
                    status(GROUP_SNAPSHOT, "error", "creating"),
                    status(SNAPSHOTS_OF_GROUP_SNAPSHOT, "error", "creating"))),
            Map.entry(CinderOperation.DELETE_GROUP_SNAPSHOT, List.of(
                    status(GROUP_SNAPSHOT, "error_deleting", "deleting"),
                    status(SNAPSHOTS_OF_GROUP_SNAPSHOT, "error_deleting", "deleting"))),
            Map.entry(CinderOperation.FAILOVER,
                    List.of(replication(VOLUME_SERVICE, "failover-error", "failing-over"))),
            Map.entry(CinderOperation.FAILOVER_HOST,
                    List.of(replication(VOLUME_SERVICE, "failover-error", "failing-over"))));

    /** What the operation itself is for comes first; the others are what it takes along. */
    static List<OperationEnding> of(CinderOperation operation) {
        return ALL.get(operation);
    }

    /** For a log line. */
    String text(String id) {
        return subject.text() + " " + id + ": from " + String.join(" or ", from.stream().sorted().toList()) + " to "
                + to.orElse("what its attachments make");
    }

    private static OperationEnding status(OperationSubject subject, String to, String... from) {
        return new OperationEnding(subject, State.STATUS, Set.of(from), Optional.of(to));
    }

    private static OperationEnding asAttached(OperationSubject subject, String from) {
        return new OperationEnding(subject, State.STATUS, Set.of(from), Optional.empty());
    }

    private static OperationEnding replication(OperationSubject subject, String to, String from) {
        return new OperationEnding(subject, State.REPLICATION, Set.of(from), Optional.of(to));
    }
}
