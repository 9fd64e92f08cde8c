package dev.reseat.api.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * Connections to MariaDB and MySQL. Of several servers the first one that answers is used, so that what is written
 * together is written through one node.
 */
final class MariaDbSource {
    /** Each statement first waits until this node has what the others have committed. */
    private static final int WAIT_FOR_ALL = 7;

    private MariaDbSource() {}

    static MariaDbDataSource plain(DatabaseUrl url) {
        return source(url, url.parameters());
    }

    static MariaDbDataSource patient(DatabaseUrl url, Duration timeout) {
        Map<String, String> parameters = new LinkedHashMap<>(url.parameters());
        parameters.put("connectTimeout", Long.toString(timeout.toMillis()));
        return source(url, parameters);
    }

    /**
     * Set with every connection that is opened, also by the driver itself when it goes to another server: quotes and
     * bars as in standard SQL, strict values as OpenStack has them, UTC, and an end to waiting.
     */
    static DataSource session(DatabaseUrl url, Duration timeout) {
        return new Sessions(url, timeout);
    }

    /** The server is asked what it knows of limits when the first connection is wanted: it need not be there before. */
    private static final class Sessions extends MariaDbDataSource {
        private final DatabaseUrl url;
        private final Duration timeout;
        private volatile Optional<DataSource> asked = Optional.empty();

        Sessions(DatabaseUrl url, Duration timeout) {
            this.url = url;
            this.timeout = timeout;
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (asked.isEmpty()) {
                asked = Optional.of(limited(variables(url, timeout)));
            }
            return asked.get().getConnection();
        }

        private DataSource limited(String variables) {
            Map<String, String> parameters = new LinkedHashMap<>(url.parameters());
            parameters.put("connectTimeout", Long.toString(timeout.toMillis()));
            // the last resort, if a server says nothing at all; by then it should have given the statement up
            parameters.put("socketTimeout", Long.toString(timeout.toMillis() + 2000));
            parameters.put("sessionVariables", variables);
            return source(url, parameters);
        }
    }

    private static String variables(DatabaseUrl url, Duration timeout) throws SQLException {
        Map<String, String> server = new LinkedHashMap<>();
        try (Connection connection = patient(url, timeout).getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW VARIABLES WHERE Variable_name IN"
                        + " ('max_statement_time', 'max_execution_time', 'wsrep_on')")) {
            while (result.next()) {
                server.put(result.getString(1).toLowerCase(Locale.ROOT), result.getString(2));
            }
        }
        long lockSeconds = Math.max(1, timeout.toMillis() * 3 / 4 / 1000);
        long millis = Math.max(timeout.toMillis(), lockSeconds * 1000 + 500);
        StringJoiner variables = new StringJoiner(",")
                .add("sql_mode='TRADITIONAL,ANSI_QUOTES,PIPES_AS_CONCAT'")
                .add("time_zone='+00:00'")
                // waiting for a lock ends first, so that the failure names the reason; it knows whole seconds only
                .add("innodb_lock_wait_timeout=" + lockSeconds);
        if (server.containsKey("max_statement_time")) {
            variables.add("max_statement_time=" + String.format(Locale.ROOT, "%.3f", millis / 1000.0));
        } else if (server.containsKey("max_execution_time")) {
            variables.add("max_execution_time=" + millis);
        }
        if ("ON".equalsIgnoreCase(server.get("wsrep_on"))) {
            variables.add("wsrep_sync_wait=" + WAIT_FOR_ALL);
        }
        return variables.toString();
    }

    private static MariaDbDataSource source(DatabaseUrl url, Map<String, String> parameters) {
        StringBuilder text =
                new StringBuilder(url.server().contains(",") ? "jdbc:mariadb:sequential://" : "jdbc:mariadb://")
                        .append(url.server())
                        .append('/')
                        .append(url.database())
                        .append("?tcpKeepAlive=true");
        parameters.forEach((name, value) -> text.append('&').append(name).append('=').append(value));
        try {
            Optional.ofNullable(Configuration.parse(text.toString()))
                    .map(Configuration::nonMappedOptions)
                    .flatMap(unknown -> unknown.stringPropertyNames().stream().findFirst())
                    .ifPresent(name -> {
                        throw new IllegalArgumentException("unknown parameter " + name);
                    });
            MariaDbDataSource source = new MariaDbDataSource(text.toString());
            if (url.user().isPresent()) {
                source.setUser(url.user().get());
            }
            if (url.password().isPresent()) {
                source.setPassword(url.password().get());
            }
            return source;
        } catch (SQLException refused) {
            throw new IllegalArgumentException("the driver does not take a parameter", refused);
        }
    }
}
