package dev.reseat.standalone;

import dev.reseat.runtime.Service;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** A PostgreSQL server of our own with the databases {@code cinder} and {@code nova}, both empty, on loopback only. */
final class EmbeddedDatabases implements Service {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final String USER = "postgres";
    private static final String DATA = "data";

    private final Path directory;
    private EmbeddedPostgres server;

    /** @param directory for its programs, its data and its log */
    EmbeddedDatabases(Path directory) {
        this.directory = directory;
    }

    @Override
    public void start() {
        try {
            server = launch();
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE cinder");
                statement.execute("CREATE DATABASE nova");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("PostgreSQL does not start, see " + directory, failure);
        } catch (SQLException failure) {
            throw new IllegalStateException("PostgreSQL does not make its databases", failure);
        }
    }

    private EmbeddedPostgres launch() throws IOException {
        try {
            return builder().start();
        } catch (IllegalStateException refused) {
            if (!NobodyPrograms.runsAsRoot()) {
                throw refused;
            }
            try {
                new NobodyPrograms(directory).install(directory.resolve(DATA));
                return builder().start();
            } catch (IOException | IllegalStateException again) {
                refused.addSuppressed(again);
                throw refused;
            }
        }
    }

    private EmbeddedPostgres.Builder builder() {
        Redirect log = Redirect.appendTo(directory.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(directory.toFile())
                .setDataDirectory(directory.resolve(DATA))
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_LIMIT)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off") // it does not outlive this run
                .setOutputRedirector(log)
                .setErrorRedirector(log);
    }

    /** As {@code [cinder_database] connection} and {@code [nova_database] connection} take it. */
    String url(String database) {
        return "postgresql://" + USER + "@127.0.0.1:" + server.getPort() + "/" + database;
    }

    DataSource source(String database) {
        return server.getDatabase(USER, database);
    }

    @Override
    public void stop() {
        if (server == null) {
            return;
        }
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
