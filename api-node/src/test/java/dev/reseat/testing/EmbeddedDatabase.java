package dev.reseat.testing;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Dialect;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/**
 * A pair of new, empty databases on a real server: by default PostgreSQL, one server on 127.0.0.1 for all tests of a
 * JVM, started when it is first needed and stopped with the JVM, or the server that
 * {@code -Dreseat.test.database_url} names, where the login must be allowed to create databases. With
 * {@code -Dreseat.test.database=mariadb}, a MariaDB.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String SERVER = "reseat.test.database_url";
    private static final Dialect DIALECT =
            Dialect.valueOf(System.getProperty("reseat.test.database", "postgresql").toUpperCase(Locale.ROOT));

    private final Home home;

    /** Where they are. */
    private sealed interface Home {
        DatabaseUrl url(String name);

        void close();
    }

    private record OnPostgresql(DatabaseUrl server, String suffix) implements Home {
        @Override
        public DatabaseUrl url(String name) {
            return server.withDatabase(name + "_" + suffix);
        }

        @Override
        public void close() {
            drop(server, url("cinder"), url("nova"));
        }
    }

    private record UsedAgain(PostgresPair pair) implements Home {
        @Override
        public DatabaseUrl url(String name) {
            return pair.url(name);
        }

        @Override
        public void close() {
            pair.release();
        }
    }

    private record OnMariaDb(MariaDbHome server) implements Home {
        @Override
        public DatabaseUrl url(String name) {
            return server.url(name);
        }

        @Override
        public void close() {
            server.release();
        }
    }

    private EmbeddedDatabase(Home home) {
        this.home = home;
    }

    /** Which kind of server it is in this JVM. */
    public static Dialect dialect() {
        return DIALECT;
    }

    /** What a column of OpenStack's keeps of a time. */
    public static Instant kept(Instant time) {
        return switch (DIALECT) {
            case POSTGRESQL -> time;
            case MARIADB -> time.truncatedTo(ChronoUnit.SECONDS);
        };
    }

    /** Two databases that nobody else uses; without tables. */
    public static EmbeddedDatabase create() {
        return switch (DIALECT) {
            case POSTGRESQL -> on(Server.URL);
            case MARIADB -> {
                MariaDbHome server = mariaDb();
                server.clear();
                yield new EmbeddedDatabase(new OnMariaDb(server));
            }
        };
    }

    /** The same on a PostgreSQL server of one's own. */
    public static EmbeddedDatabase on(DatabaseUrl server) {
        EmbeddedDatabase database = newOn(server);
        execute(server, "CREATE DATABASE " + database.cinder().database());
        execute(server, "CREATE DATABASE " + database.nova().database());
        return database;
    }

    private static EmbeddedDatabase newOn(DatabaseUrl server) {
        return new EmbeddedDatabase(new OnPostgresql(server, UUID.randomUUID().toString().substring(0, 8)));
    }

    /** The same with all tables, as {@link Database} makes them, and no rows but those that are made with them. */
    public static EmbeddedDatabase createWithTables() {
        return switch (DIALECT) {
            case POSTGRESQL -> {
                if (System.getProperty(SERVER) == null) {
                    yield new EmbeddedDatabase(new UsedAgain(PostgresPair.take(Server.URL, Template.CONTENT)));
                }
                EmbeddedDatabase database = newOn(Server.URL);
                copy(Template.TABLES.cinder().database(), database.cinder().database());
                copy(Template.TABLES.nova().database(), database.nova().database());
                yield database;
            }
            case MARIADB -> {
                MariaDbHome server = mariaDb();
                server.clearTables();
                yield new EmbeddedDatabase(new OnMariaDb(server));
            }
        };
    }

    private static MariaDbHome mariaDb() {
        Assumptions.assumeTrue(
                PrivateMariaDb.isInstalled() || "required".equals(System.getProperty("reseat.peers")),
                "mariadb-server is not installed");
        return MariaDbHome.take();
    }

    static void copy(String from, String to) {
        execute(Server.URL, "CREATE DATABASE " + to + " TEMPLATE " + from);
    }

    static void drop(DatabaseUrl server, DatabaseUrl... databases) {
        for (DatabaseUrl database : databases) {
            execute(server, "DROP DATABASE IF EXISTS " + database.database() + " WITH (FORCE)");
        }
    }

    public DatabaseUrl cinder() {
        return home.url("cinder");
    }

    public DatabaseUrl nova() {
        return home.url("nova");
    }

    /** For both databases, with OpenStack's tables to be made. */
    public DatabaseConfig config() {
        return new DatabaseConfig(cinder(), nova(), 8, Duration.ofSeconds(5), Duration.ofSeconds(20), true);
    }

    /** Runs statements on one of the databases. */
    public static void execute(DatabaseUrl database, String sql) {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }

    /** Nobody finds them any more, whoever is connected to them. */
    @Override
    public void close() {
        home.close();
    }

    /** Made by whoever needs it first. */
    private static final class Template {
        static final EmbeddedDatabase TABLES = make();
        static final PostgresPair.Template CONTENT = PostgresPair.Template.of(TABLES.cinder(), TABLES.nova());

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
                return DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + postgres.getPort() + "/postgres");
            } catch (IOException failure) {
                throw new UncheckedIOException("PostgreSQL could not be started", failure);
            }
        }
    }
}
