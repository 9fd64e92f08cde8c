package dev.reseat.api.store.journal;

import dev.reseat.runtime.Settings;
import java.time.Duration;

/**
 * How long a process that says nothing keeps its journal entries.
 *
 * @param time whole seconds; renewed three times as often
 */
public record LeaseConfig(Duration time) {
    public LeaseConfig {
        if (time.toSeconds() < 1 || time.toNanosPart() != 0) {
            throw new IllegalArgumentException("journal_lease must be whole seconds, at least 1: " + time);
        }
    }

    public static LeaseConfig from(Settings settings) {
        return new LeaseConfig(settings.seconds("reseat", "journal_lease", Duration.ofSeconds(30)));
    }
}
