package dev.reseat.systemtest;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Dialect;
import dev.reseat.testing.PrivateMariaDb;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A running database server with its files in a folder of its own, which can be copied once it has stopped. */
sealed interface OpenStackServer {
    /** @param home its folder; where there is none, an empty server is made */
    static OpenStackServer start(Dialect dialect, Path home) throws IOException {
        return switch (dialect) {
            case POSTGRESQL -> new OnPostgresql(EmbeddedPostgres.builder()
                    .setDataDirectory(home)
                    .setCleanDataDirectory(false)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("max_connections", "300")
                    .setServerConfig("fsync", "off")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .start());
            case MARIADB -> {
                boolean made = Files.isDirectory(home);
                Files.createDirectories(home);
                yield new OnMariaDb((made ? PrivateMariaDb.over(home) : PrivateMariaDb.in(home)).start());
            }
        };
    }

    /**
     * In the words of OpenStack's settings.
     *
     * @param login with its password, if it has one
     */
    String connection(String login, String database);

    /** The same for who may do everything. */
    String connection(String database);

    /** The same for this JVM, with standard quotes. */
    DatabaseUrl url(String database);

    /** That no database of OpenStack's is needed to connect to. */
    String ownDatabase();

    /** A table of one row that takes a moment to read. */
    String pause();

    /** In order, so that its files are whole. Repeatable. */
    void stop();

    record OnPostgresql(EmbeddedPostgres server) implements OpenStackServer {
        @Override
        public String connection(String login, String database) {
            return "postgresql+psycopg2://" + login + "@127.0.0.1:" + server.getPort() + "/" + database;
        }

        @Override
        public String connection(String database) {
            return connection("postgres", database);
        }

        @Override
        public DatabaseUrl url(String database) {
            return DatabaseUrl.parse(connection(database));
        }

        @Override
        public String ownDatabase() {
            return "postgres";
        }

        @Override
        public String pause() {
            return "pg_sleep(0.05)";
        }

        @Override
        public void stop() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    record OnMariaDb(PrivateMariaDb server) implements OpenStackServer {
        @Override
        public String connection(String login, String database) {
            return "mysql+pymysql://" + login + "@127.0.0.1:" + server.port() + "/" + database + "?charset=utf8";
        }

        @Override
        public String connection(String database) {
            return connection(PrivateMariaDb.USER, database);
        }

        @Override
        public DatabaseUrl url(String database) {
            return new DatabaseUrl(
                    Dialect.MARIADB, "127.0.0.1:" + server.port(), database, Optional.of(PrivateMariaDb.USER),
                    Optional.empty(), Map.of("sessionVariables", "sql_mode='ANSI'"));
        }

        @Override
        public String ownDatabase() {
            return "mysql";
        }

        @Override
        public String pause() {
            return "(SELECT SLEEP(0.05)) AS pause";
        }

        @Override
        public void stop() {
            server.stop();
        }
    }
}
