package dev.reseat.api.store;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema up to this version, by the scripts in {@code resources/db}: our own tables always, OpenStack's only
 * where they are ours to make. Repeatable; several processes may start at once. What was done is recorded in schema
 * {@code reseat}.
 */
final class Migrations {
    private static final System.Logger LOG = System.getLogger(Migrations.class.getName());
    private static final String SCHEMA = "reseat";
    /** One process at a time: an advisory lock that lasts as long as its connection. */
    private static final String LOCK = "SELECT pg_advisory_lock(hashtext('reseat migrations'))";
    private static final List<String> CINDER = List.of(
            "volumes", "volume_types", "volume_attachment", "volume_metadata", "volume_admin_metadata", "workers",
            "services");
    private static final List<String> NOVA = List.of(
            "instances", "instance_metadata", "instance_system_metadata", "instance_actions", "block_device_mapping",
            "migrations", "services");

    private final boolean createOpenstackTables;

    Migrations(boolean createOpenstackTables) {
        this.createOpenstackTables = createOpenstackTables;
    }

    void cinder(String name, DataSource source) {
        locked(name, source, connection -> {
            openstack(name, source, connection, "cinder", CINDER);
            migrate(source, "schema_history", "reseat");
        });
    }

    void nova(String name, DataSource source) {
        locked(name, source, connection -> openstack(name, source, connection, "nova", NOVA));
    }

    private interface Work {
        void with(Connection connection) throws SQLException;
    }

    private static void locked(String name, DataSource source, Work work) {
        try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            work.with(connection);
        } catch (SQLException | FlywayException failure) {
            throw StoreException.translate(name, failure);
        }
    }

    /** Makes the tables, or goes on making those we began; tables that somebody else made are used as they are. */
    private void openstack(String name, DataSource source, Connection connection, String scripts, List<String> tables)
            throws SQLException {
        String history = "schema_history_" + scripts;
        boolean ours = !missing(connection, List.of(SCHEMA + "." + history)).contains(SCHEMA + "." + history);
        List<String> missing = missing(connection, tables);
        if (createOpenstackTables && (ours || missing.equals(tables))) {
            migrate(source, history, scripts);
        } else if (!missing.isEmpty()) {
            throw new StoreException.Broken(name + " has no table " + String.join(", ", missing)
                    + (missing.equals(tables)
                            ? ": let " + scripts + "-manage make them, or set [reseat] create_openstack_tables"
                            : ", but others of " + scripts
                                    + ": is it the right database, and of a release since Zed?"));
        } else if (!ours) {
            LOG.log(Level.INFO, "{0}: using the tables that are there", name);
        }
    }

    private static List<String> missing(Connection connection, List<String> tables) throws SQLException {
        List<String> missing = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?) IS NULL")) {
            for (String table : tables) {
                statement.setString(1, table);
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    if (result.getBoolean(1)) {
                        missing.add(table);
                    }
                }
            }
        }
        return missing;
    }

    private static void migrate(DataSource source, String history, String scripts) {
        Flyway.configure()
                .dataSource(source)
                .defaultSchema(SCHEMA)
                .createSchemas(true)
                .table(history)
                .locations("classpath:db/" + scripts)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
