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
}
