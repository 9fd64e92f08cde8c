package dev.reseat.contract.state;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What Cinder casts to its volume services and ours does not do. When it is cast, rows say already that it is under
 * way, and would say so for ever.
 */
public enum CinderOperation {
    CREATE_VOLUME("volume"),
    DELETE_VOLUME("volume"),
    EXTEND_VOLUME("volume"),
    RETYPE("volume"),
    MIGRATE_VOLUME("volume"),
    MANAGE_EXISTING("volume"),
    COPY_VOLUME_TO_IMAGE("volume_id"),
    REVERT_TO_SNAPSHOT("volume"),
    REIMAGE("volume"),
    CREATE_SNAPSHOT("snapshot"),
    DELETE_SNAPSHOT("snapshot"),
    MANAGE_EXISTING_SNAPSHOT("snapshot"),
    CREATE_GROUP("group"),
    CREATE_GROUP_FROM_SRC("group"),
    DELETE_GROUP("group"),
    UPDATE_GROUP("group"),
    ENABLE_REPLICATION("group"),
    DISABLE_REPLICATION("group"),
    FAILOVER_REPLICATION("group"),
    CREATE_GROUP_SNAPSHOT("group_snapshot"),
    DELETE_GROUP_SNAPSHOT("group_snapshot"),
    GET_BACKUP_DEVICE("backup"),
    /** Of the whole backend, and so without an argument that names it. */
    FAILOVER(""),
    FAILOVER_HOST("");

    private final String argument;

    CinderOperation(String argument) {
        this.argument = argument;
    }

    /** The method's name. */
    public String method() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The argument that says what it is for, an object or an id; empty for the backend itself. */
    public Optional<String> argument() {
        return Optional.of(argument).filter(name -> !name.isEmpty());
    }

    public static Optional<CinderOperation> of(String method) {
        return Arrays.stream(values()).filter(operation -> operation.method().equals(method)).findFirst();
    }
}
