package dev.reseat.benchmark.job;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL of our own that counts the statements of those who are measured: they log in as {@link #MEASURED},
 * whoever prepares and reads does not. Safe on disk as a real one is: what is committed is synced. For one thread.
 */
final class BenchDatabase implements AutoCloseable {
    static final String MEASURED = "measured";
    private static final String MAINTENANCE = "postgres";
    private static final String COUNTED = "FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid"
            + " WHERE r.rolname = '" + MEASURED + "' AND s.query ";
    private static final String CONTROL = "'^(BEGIN|COMMIT|ROLLBACK|SET|SHOW)'";

    private final EmbeddedPostgres server;

    private BenchDatabase(EmbeddedPostgres server) {
        this.server = server;
    }

    static BenchDatabase start() throws IOException {
        var database = new BenchDatabase(EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("synchronous_commit", "on") // the library's is off
                .setServerConfig("fsync", "on")
                .start());
        database.execute(MAINTENANCE, "CREATE ROLE " + MEASURED + " LOGIN SUPERUSER");
        database.execute(MAINTENANCE, "CREATE EXTENSION pg_stat_statements");
        return database;
    }

    /** A new database, as the measured ones reach it. */
    String create(String name) {
        execute(MAINTENANCE, "CREATE DATABASE " + name + " OWNER " + MEASURED);
        return "postgresql://" + MEASURED + "@127.0.0.1:" + server.getPort() + "/" + name;
    }

    /** What was counted of statements is forgotten. */
    void resetCounts() {
        execute(MAINTENANCE, "SELECT pg_stat_statements_reset()");
    }

    /** Statements since then, without those that begin, end and set up transactions. */
    long statements() {
        return number(MAINTENANCE, "SELECT COALESCE(sum(calls), 0) " + COUNTED + "!~* " + CONTROL);
    }

    /** How often each statement was sent since then, the most frequent first. */
    List<String> dearest(int items, int limit) {
        return texts(MAINTENANCE, "SELECT round(sum(calls) / " + items + "::numeric, 2) || ' '"
                + " || left(regexp_replace(query, '\\s+', ' ', 'g'), 120) AS line " + COUNTED + "!~* " + CONTROL
                + " GROUP BY query ORDER BY sum(calls) DESC LIMIT " + limit);
    }

    void execute(String database, String sql, Object... values) {
        try (Connection connection = open(database); PreparedStatement statement = bound(connection, sql, values)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    long number(String database, String sql, Object... values) {
        return Long.parseLong(texts(database, sql, values).getFirst());
    }

    /** The first column of every row. */
    List<String> texts(String database, String sql, Object... values) {
        List<String> texts = new ArrayList<>();
        try (Connection connection = open(database);
                PreparedStatement statement = bound(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection open(String database) throws SQLException {
        return server.getDatabase(MAINTENANCE, database).getConnection();
    }

    private static PreparedStatement bound(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
