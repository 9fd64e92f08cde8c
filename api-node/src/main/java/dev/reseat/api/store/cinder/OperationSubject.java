package dev.reseat.api.store.cinder;

import java.util.Locale;

/** What an operation of Cinder's was for, or what it takes along: which rows an id then means. */
public enum OperationSubject {
    VOLUME("volumes", "id = :id"),
    VOLUMES_OF_GROUP("volumes", "group_id = :id"),
    VOLUME_OF_BACKUP("volumes", "id = (SELECT b.volume_id FROM backups b WHERE b.id = :id)"),
    SNAPSHOT("snapshots", "id = :id"),
    SNAPSHOTS_OF_VOLUME("snapshots", "volume_id = :id"),
    SNAPSHOTS_OF_GROUP_SNAPSHOT("snapshots", "group_snapshot_id = :id"),
    GROUP("\"groups\"", "id = :id"),
    GROUP_SNAPSHOT("group_snapshots", "id = :id"),
    BACKUP("backups", "id = :id"),
    VOLUME_SERVICE("services", "host = :id AND \"binary\" = 'cinder-volume'");

    private final String table;
    private final String condition;

    OperationSubject(String table, String condition) {
        this.table = table;
        this.condition = condition;
    }

    String table() {
        return table;
    }

    String condition() {
        return condition;
    }

    /** For a log line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
