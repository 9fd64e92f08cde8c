package dev.reseat.testing;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A pair of new, empty databases on a real PostgreSQL: one server on 127.0.0.1 for all tests of a JVM, started when it
 * is first needed and stopped with the JVM, or the server that {@code -Dreseat.test.database_url} names. There the
 * login must be allowed to create databases.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String SERVER = "reseat.test.database_url";

    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final DatabaseUrl server;

    private EmbeddedDatabase(DatabaseUrl server) {
        this.server = server;
    }

    /** Two databases that nobody else uses; without tables. */
    public static EmbeddedDatabase create() {
        return on(Server.URL);
    }

    /** The same on a server of one's own. */
    public static EmbeddedDatabase on(DatabaseUrl server) {
        EmbeddedDatabase database = new EmbeddedDatabase(server);
        database.execute(database.server, "CREATE DATABASE " + database.cinder().database());
        database.execute(database.server, "CREATE DATABASE " + database.nova().database());
        return database;
    }

    /** The same with all tables, as {@link Database} makes them; made once for a JVM and copied, which is faster. */
    public static EmbeddedDatabase createWithTables() {
        EmbeddedDatabase database = new EmbeddedDatabase(Server.URL);
        database.copy(Template.TABLES.cinder(), database.cinder());
        database.copy(Template.TABLES.nova(), database.nova());
        return database;
    }

    private void copy(DatabaseUrl from, DatabaseUrl to) {
        execute(server, "CREATE DATABASE " + to.database() + " TEMPLATE " + from.database());
    }

    public DatabaseUrl cinder() {
        return on("cinder_" + name);
    }

    public DatabaseUrl nova() {
        return on("nova_" + name);
    }

    /** For both databases, with OpenStack's tables to be made. */
    public DatabaseConfig config() {
        return new DatabaseConfig(cinder(), nova(), 8, Duration.ofSeconds(5), Duration.ofSeconds(20), true);
    }

    /** Runs statements on one of the databases. */
    public void execute(DatabaseUrl database, String sql) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    /** Drops both databases, whoever is connected to them. */
    @Override
    public void close() {
        execute(server, "DROP DATABASE IF EXISTS " + cinder().database() + " WITH (FORCE)");
        execute(server, "DROP DATABASE IF EXISTS " + nova().database() + " WITH (FORCE)");
    }

    private DatabaseUrl on(String database) {
        return new DatabaseUrl(server.server(), database, server.user(), server.password(), server.parameters());
    }

    /** Made by whoever needs it first. */
    private static final class Template {
        static final EmbeddedDatabase TABLES = make();

        private static EmbeddedDatabase make() {
            EmbeddedDatabase template = create();
            Database database = new Database(template.config());
            database.start();
            database.stop(); // what somebody is connected to cannot be copied
            if (System.getProperty(SERVER) != null) { // which stays when this JVM has ended
                Runtime.getRuntime().addShutdownHook(new Thread(template::close));
            }
            return template;
        }
    }

    /** Started by whoever needs it first. */
    private static final class Server {
        static final DatabaseUrl URL = Optional.ofNullable(System.getProperty(SERVER))
                .map(DatabaseUrl::parse)
                .orElseGet(Server::start);

        private static DatabaseUrl start() {
            try {
                // it stops with the JVM; nothing in it has to outlive a crash
                @SuppressWarnings("resource") EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("full_page_writes", "off")
                        .start();
                return new DatabaseUrl("127.0.0.1:" + postgres.getPort(), "postgres", Optional.of("postgres"),
                        Optional.empty(), Map.of());
            } catch (IOException failure) {
                throw new UncheckedIOException("PostgreSQL could not be started", failure);
            }
        }
    }
}
