package dev.reseat.api.store.cell;

import dev.reseat.runtime.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * How cells are found and waited for.
 *
 * @param databaseUrl a secret: {@code [database] connection} of Nova, from which templates are filled
 * @param transportUrl a secret: {@code transport_url} of Nova, likewise
 * @param interval how often it is looked whether cells or hosts have come or gone
 * @param patience how long all cells together are waited for that a question goes to
 */
public record CellsConfig(
        Optional<String> databaseUrl, Optional<String> transportUrl, Duration interval, Duration patience) {
    /** Where there is one cell. */
    public static final CellsConfig ONE =
            new CellsConfig(Optional.empty(), Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(5));

    public CellsConfig {
        if (!interval.isPositive() || !patience.isPositive()) {
            throw new IllegalArgumentException("[reseat] cell_interval and cell_timeout must be positive");
        }
    }

    public static CellsConfig from(Settings settings) {
        return new CellsConfig(
                settings.optionalText("nova_database", "connection"),
                settings.optionalText("reseat", "nova_transport_url")
                        .or(() -> settings.optionalText("DEFAULT", "transport_url")),
                settings.seconds("reseat", "cell_interval", ONE.interval),
                settings.seconds("reseat", "cell_timeout", ONE.patience));
    }

    /** How long, never the URLs. */
    @Override
    public String toString() {
        return "CellsConfig[" + interval + ", " + patience + "]";
    }
}
