package dev.reseat.volume.service;

import dev.reseat.runtime.Settings;
import java.time.Duration;

/**
 * How often Cinder hears of a backend.
 *
 * @param reportInterval {@code [DEFAULT] report_interval}: between two reports to its row of {@code services}
 * @param publishInterval {@code [DEFAULT] backend_stats_polling_interval}: between two to the schedulers
 */
public record PresenceConfig(Duration reportInterval, Duration publishInterval) {
    public PresenceConfig {
        if (!reportInterval.isPositive() || !publishInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "[DEFAULT] report_interval, backend_stats_polling_interval: must be positive");
        }
    }

    public static PresenceConfig from(Settings settings) {
        return new PresenceConfig(
                settings.seconds("DEFAULT", "report_interval", Duration.ofSeconds(10)),
                settings.seconds("DEFAULT", "backend_stats_polling_interval", Duration.ofSeconds(60)));
    }
}
