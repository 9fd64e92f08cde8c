package dev.reseat.api.flow;

import dev.reseat.runtime.Settings;
import java.time.Duration;

/**
 * How the reconciler works.
 *
 * @param interval between two looks at the journal
 * @param patience how long a peer that cannot be asked is waited for before a repair is taken back without it
 */
public record ReconcilerConfig(Duration interval, Duration patience) {
    public ReconcilerConfig {
        if (!interval.isPositive() || !patience.isPositive()) {
            throw new IllegalArgumentException("reconcile_interval and reconcile_patience must be positive");
        }
    }

    public static ReconcilerConfig from(Settings settings) {
        return new ReconcilerConfig(
                settings.seconds("reseat", "reconcile_interval", Duration.ofSeconds(10)),
                settings.seconds("reseat", "reconcile_patience", Duration.ofMinutes(15)));
    }
}
