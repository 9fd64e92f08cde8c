package dev.reseat.api.store;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;

/**
 * Brings the schema up to this version, by the scripts in {@code resources/db}, or says what is missing: our own tables
 * when it is asked to, OpenStack's only where they are ours to make. Repeatable; on PostgreSQL several processes may do
 * it at once. What was done is recorded in schema {@code reseat}, which on MariaDB is a database.
 */
final class Migrations {
    private static final System.Logger LOG = System.getLogger(Migrations.class.getName());
    private static final String SCHEMA = "reseat";
    /** One process at a time: an advisory lock that lasts as long as its connection. */
    private static final String LOCK = "SELECT pg_advisory_lock(hashtext('reseat migrations'))";

    private final boolean createOpenstackTables;
    private final boolean sync;

    /**
     * @param createOpenstackTables make OpenStack's where there are none
     * @param sync make or change our own; else what is missing is an error
     */
    Migrations(boolean createOpenstackTables, boolean sync) {
        this.createOpenstackTables = createOpenstackTables;
        this.sync = sync;
    }

    void cinder(String name, DatabaseUrl url, DataSource source) {
        locked(name, url, source, connection -> {
            openstack(name, url, source, connection, OpenstackTables.CINDER);
            Flyway own = own(source, url);
            if (sync) {
                own.migrate();
            } else {
                requireNothingPending(name, own);
            }
        });
    }

    void nova(String name, DatabaseUrl url, DataSource source) {
        locked(name, url, source, connection -> openstack(name, url, source, connection, OpenstackTables.NOVA));
    }

    /** Nobody but Nova makes these. */
    void novaApi(String name, DatabaseUrl url, DataSource source) {
        try (Connection connection = source.getConnection()) {
            List<String> missing = missing(connection, current(url.dialect()), OpenstackTables.NOVA_API.names());
            if (!missing.isEmpty()) {
                throw new StoreException.Broken(name + " has no table " + String.join(", ", missing)
                        + ": is [api_database] connection that of Nova?");
            }
        } catch (SQLException failure) {
            throw StoreException.translate(name, failure);
        }
    }

    private static void requireNothingPending(String name, Flyway own) {
        MigrationInfo[] pending = own.info().pending();
        if (pending.length > 0) {
            throw new StoreException.Broken("%s: schema %s lacks %s (%s): run 'reseat db sync' with these settings"
                    .formatted(name, SCHEMA, pending[0].getScript(),
                            pending.length == 1 ? "no other migration" : pending.length + " migrations in all"));
        }
    }

    private interface Work {
        void with(Connection connection) throws SQLException;
    }

    private static void locked(String name, DatabaseUrl url, DataSource source, Work work) {
        try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
            if (url.dialect() == Dialect.POSTGRESQL) {
                statement.execute(LOCK);
            }
            work.with(connection);
        } catch (SQLException | FlywayException failure) {
            throw StoreException.translate(name, failure);
        }
    }

    /** Makes the tables, or goes on making those we began; tables that somebody else made are used as they are. */
    private void openstack(
            String name, DatabaseUrl url, DataSource source, Connection connection, OpenstackTables wanted)
            throws SQLException {
        String scripts = wanted.service();
        List<String> tables = wanted.names();
        String history = "schema_history_" + scripts;
        boolean ours = missing(connection, "table_schema = '" + SCHEMA + "'", List.of(history)).isEmpty();
        List<String> missing = missing(connection, current(url.dialect()), tables);
        if (createOpenstackTables && (ours || missing.equals(tables))) {
            flyway(source, url, history, scripts).migrate();
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

    /** Of our own tables. */
    static Flyway own(DataSource source, DatabaseUrl url) {
        return flyway(source, url, "schema_history", "reseat");
    }

    /** SQL: of {@code information_schema}, what is in the database that the session is in. */
    static String current(Dialect dialect) {
        return switch (dialect) {
            case POSTGRESQL -> "table_schema = ANY (current_schemas(false))";
            case MARIADB -> "table_schema = DATABASE()";
        };
    }

    private static List<String> missing(Connection connection, String where, List<String> tables) throws SQLException {
        List<String> missing = new ArrayList<>(tables);
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT table_name FROM information_schema.tables WHERE " + where)) {
            while (result.next()) {
                missing.remove(result.getString(1));
            }
        }
        return missing;
    }

    private static Flyway flyway(DataSource source, DatabaseUrl url, String history, String scripts) {
        return Flyway.configure()
                .dataSource(source)
                .defaultSchema(SCHEMA)
                .createSchemas(true)
                .table(history)
                .locations("classpath:db/" + url.dialect().folder() + "/" + scripts)
                .placeholders(Map.of("openstack", url.database()))
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }
}
