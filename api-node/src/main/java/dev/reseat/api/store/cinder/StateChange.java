package dev.reseat.api.store.cinder;

import java.util.Optional;

/**
 * The columns to set; an empty one stays as it is.
 *
 * @param migrationStatus {@code none} stores NULL, as in Cinder's API
 */
public record StateChange(Optional<String> status, Optional<String> attachStatus, Optional<String> migrationStatus) {
    /** What {@code migrationStatus} says for "not migrating". */
    public static final String NONE = "none";

    /** Changes nothing; where the {@code with…} methods begin. */
    public static StateChange nothing() {
        return new StateChange(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public StateChange withStatus(String value) {
        return new StateChange(Optional.of(value), attachStatus, migrationStatus);
    }

    public StateChange withAttachStatus(String value) {
        return new StateChange(status, Optional.of(value), migrationStatus);
    }

    public StateChange withMigrationStatus(String value) {
        return new StateChange(status, attachStatus, Optional.of(value));
    }
}
