package dev.reseat.api.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to PostgreSQL. */
final class PostgresqlSource {
    /** A server that confirms before it has written would forget, when it is killed, what the journal relies on. */
    private static final String WRITES_BEFORE_CONFIRMING =
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

    private PostgresqlSource() {}

    static PGSimpleDataSource plain(DatabaseUrl url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://" + url.server() + "/");
        source.setDatabaseName(url.database());
        url.user().ifPresent(source::setUser);
        url.password().ifPresent(source::setPassword);
        source.setLogServerErrorDetail(false);
        source.setTcpKeepAlive(true);
        source.setApplicationName("reseat");
        for (Map.Entry<String, String> parameter : url.parameters().entrySet()) {
            try {
                source.setProperty(parameter.getKey(), parameter.getValue());
            } catch (SQLException refused) {
                throw new IllegalArgumentException("unknown parameter " + parameter.getKey(), refused);
            }
        }
        return source;
    }

    static PGSimpleDataSource patient(DatabaseUrl url, Duration timeout) {
        PGSimpleDataSource source = plain(url);
        int seconds = Math.toIntExact(Math.max(1, timeout.plusMillis(999).toSeconds()));
        source.setConnectTimeout(seconds);
        source.setLoginTimeout(seconds);
        return source;
    }

    static PGSimpleDataSource session(DatabaseUrl url, Duration timeout) {
        PGSimpleDataSource source = patient(url, timeout);
        // the last resort, if a server says nothing at all; by then it should have cancelled the statement
        source.setSocketTimeout(source.getConnectTimeout() + 1);
        return source;
    }

    /** Waiting for a lock ends first, so that the failure names the reason. */
    static String firstStatement(Duration timeout) {
        long millis = timeout.toMillis();
        return "SET statement_timeout = " + millis + "; SET lock_timeout = " + millis * 3 / 4 + "; "
                + WRITES_BEFORE_CONFIRMING;
    }
}
