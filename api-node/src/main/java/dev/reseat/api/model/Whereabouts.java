package dev.reseat.api.model;

import java.util.List;
import java.util.Optional;

/**
 * Where Nova has an instance, and where it may have been: also of one that is deleted.
 *
 * @param host empty while it is on none: not scheduled, or shelved
 * @param migrationHosts both ends of its latest migration, unless that one ended well
 */
public record Whereabouts(
        String uuid,
        Optional<String> host,
        Optional<String> vmState,
        Optional<String> taskState,
        boolean deleted,
        List<String> migrationHosts) {
    public Whereabouts {
        migrationHosts = List.copyOf(migrationHosts);
    }
}
