package dev.reseat.api.store.journal;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** The connection that holds an owner's number, and nothing else. Not of the pool: its end is the owner's end. */
final class OwnerSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OwnerSession.class.getName());
    private static final int PROBE_MILLIS = (int) TimeUnit.SECONDS.toMillis(10);
    private static final int ANSWER_SECONDS = 10;
    /** The server asks a silent peer after 10 seconds, and gives it up after three questions 5 seconds apart. */
    private static final String NOTICE_DEAD_PEERS =
            "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    private final Connection connection;

    private OwnerSession(Connection connection) {
        this.connection = connection;
    }

    static OwnerSession open(DataSource source) throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute(NOTICE_DEAD_PEERS);
            return new OwnerSession(connection);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    /** A number nobody had before. */
    long draw() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT nextval('reseat.owner_number')")) {
            result.next();
            return result.getLong(1);
        }
    }

    /** @return false if another session holds it */
    boolean take(long number) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_try_advisory_lock(?, ?)")) {
            statement.setInt(1, ProcessLeases.LOCK_CLASS);
            statement.setInt(2, Math.toIntExact(number));
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getBoolean(1);
            }
        }
    }

    /** Blocks until the connection is gone: noticed at once when the server closes it, by a question otherwise. */
    void awaitLoss() {
        try {
            while (connection.isValid(ANSWER_SECONDS)) {
                connection.unwrap(PGConnection.class).getNotifications(PROBE_MILLIS);
            }
        } catch (SQLException lost) {
            LOG.log(Level.DEBUG, "owner's connection: {0}", lost.getMessage());
        }
        close();
    }

    /** Without a word to the server, so that it works while another thread waits for the server. Repeatable. */
    @Override
    public void close() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException failure) {
            LOG.log(Level.DEBUG, "owner's connection could not be closed: {0}", failure.getMessage());
        }
    }
}
