package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import dev.reseat.runtime.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * The databases and how patient to be with them.
 *
 * @param nova where Nova has one cell; not used with an API database
 * @param novaApi where Nova writes down its cells
 * @param maxPoolSize most connections to each of them, and of each cell
 * @param connectionTimeout how long to wait for a connection, and for the answer to a statement
 * @param startTimeout how long to try at start before giving up
 * @param createOpenstackTables make Cinder's and Nova's tables where there are none: for databases of our own
 */
public record DatabaseConfig(
        DatabaseUrl cinder,
        DatabaseUrl nova,
        Optional<DatabaseUrl> novaApi,
        int maxPoolSize,
        Duration connectionTimeout,
        Duration startTimeout,
        boolean createOpenstackTables) {
    private static final DatabaseUrl NOWHERE = DatabaseUrl.parse("postgresql:///nova");
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(250);

    public DatabaseConfig {
        requireNonNull(cinder, "cinder is null");
        requireNonNull(nova, "nova is null");
        if (maxPoolSize < 1) {
            throw new IllegalArgumentException("[database] max_pool_size must be at least 1: " + maxPoolSize);
        }
        if (connectionTimeout.compareTo(LEAST_TIMEOUT) < 0) {
            throw new IllegalArgumentException("[database] pool_timeout must be at least 0.25: " + connectionTimeout);
        }
        if (startTimeout.isNegative()) {
            throw new IllegalArgumentException("[reseat] database_start_timeout is negative: " + startTimeout);
        }
    }

    /** With one cell. */
    public DatabaseConfig(
            DatabaseUrl cinder, DatabaseUrl nova, int maxPoolSize, Duration connectionTimeout, Duration startTimeout,
            boolean createOpenstackTables) {
        this(cinder, nova, Optional.empty(), maxPoolSize, connectionTimeout, startTimeout, createOpenstackTables);
    }

    public static DatabaseConfig from(Settings settings) {
        String cinder =
                settings.optionalText("cinder_database", "connection").isPresent() ? "cinder_database" : "database";
        boolean cells = settings.optionalText("api_database", "connection").isPresent();
        return new DatabaseConfig(
                url(settings, cinder),
                cells ? NOWHERE : url(settings, "nova_database"),
                cells ? Optional.of(url(settings, "api_database")) : Optional.empty(),
                settings.integer("database", "max_pool_size", 10),
                settings.seconds("database", "pool_timeout", Duration.ofSeconds(10)),
                settings.seconds("reseat", "database_start_timeout", Duration.ofSeconds(60)),
                settings.bool("reseat", "create_openstack_tables", false));
    }

    private static DatabaseUrl url(Settings settings, String group) {
        // the settings remember what is missing or wrong, and refuse it; what is given instead is never used
        DatabaseUrl fallback = DatabaseUrl.parse("postgresql:///" + group);
        return settings.requiredText(group, "connection").isEmpty()
                ? fallback
                : settings.value(group, "connection", fallback, DatabaseUrl::parse);
    }
}
