package dev.reseat.testing;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A MariaDB server with databases {@code cinder} and {@code nova}, and {@code reseat} beside them: of the last a server
 * has one only, so whoever wants databases of his own at the same time gets another server. Servers are used again.
 */
final class MariaDbHome {
    private static final List<String> NAMES = List.of("cinder", "nova", "reseat");
    /** Rows that are there from the beginning. */
    private static final String BEYOND =
            "table_name NOT LIKE 'schema\\_history%' AND table_name NOT IN ('job_gate', 'sweep_gate')";
    private static final int NO_SUCH_CONNECTION = 1094;
    private static final Deque<MariaDbHome> FREE = new ArrayDeque<>();

    private final PrivateMariaDb server;
    private boolean hasTables;

    private MariaDbHome(PrivateMariaDb server) {
        this.server = server;
    }

    static MariaDbHome take() {
        synchronized (FREE) {
            if (!FREE.isEmpty()) {
                return FREE.pop();
            }
        }
        return new MariaDbHome(PrivateMariaDb.in(directory()).start());
    }

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("reseat-mariadb");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path directory) {
        try {
            new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody uses it any more. */
    void release() {
        disconnectOthers();
        synchronized (FREE) {
            FREE.push(this);
        }
    }

    DatabaseUrl url(String name) {
        return server.url(name);
    }

    /** Empty databases without tables. */
    void clear() {
        NAMES.forEach(name -> execute("DROP DATABASE IF EXISTS " + name));
        execute("CREATE DATABASE cinder CHARACTER SET utf8mb3");
        execute("CREATE DATABASE nova CHARACTER SET utf8mb3");
        hasTables = false;
    }

    /** Tables as {@link Database} makes them, without rows. */
    void clearTables() {
        if (!hasTables) {
            clear();
            Database database = new Database(new DatabaseConfig(
                    url("cinder"), url("nova"), 4, Duration.ofSeconds(20), Duration.ofSeconds(20), true));
            database.start();
            database.stop();
            hasTables = true;
        }
        try (Connection connection = url("mysql").dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET foreign_key_checks = 0");
            for (String table : tables(statement)) {
                statement.execute("DELETE FROM " + table
                        + (table.endsWith(".workers") ? " WHERE resource_type <> 'SENTINEL'" : ""));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet result = statement.executeQuery(
                "SELECT concat(table_schema, '.', table_name) FROM information_schema.tables WHERE table_schema IN"
                        + " ('cinder', 'nova', 'reseat') AND table_type = 'BASE TABLE' AND " + BEYOND)) {
            while (result.next()) {
                tables.add(result.getString(1));
            }
        }
        return tables;
    }

    private void disconnectOthers() {
        try (Connection connection = url("mysql").dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> others = new ArrayList<>();
            try (ResultSet result = statement.executeQuery("SELECT id FROM information_schema.processlist"
                    + " WHERE id <> connection_id() AND user = '" + PrivateMariaDb.USER + "'")) {
                while (result.next()) {
                    others.add(result.getString(1));
                }
            }
            for (String other : others) {
                kill(statement, other);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void kill(Statement statement, String connection) throws SQLException {
        try {
            statement.execute("KILL CONNECTION " + connection);
        } catch (SQLException failure) {
            if (failure.getErrorCode() != NO_SUCH_CONNECTION) {
                throw failure;
            }
        }
    }

    private void execute(String sql) {
        try (Connection connection = url("mysql").dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(sql, failure);
        }
    }
}
