package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Where a database is: SQLAlchemy's form, as {@code [database] connection} of OpenStack has it, or JDBC's.
 *
 * @param server {@code host:port}; several with commas between them, of which the first that answers is used
 * @param parameters of the driver, by JDBC's names
 */
public record DatabaseUrl(
        Dialect dialect,
        String server,
        String database,
        Optional<String> user,
        Optional<String> password,
        Map<String, String> parameters) {
    private static final Pattern FORM = Pattern.compile(
            "(?<jdbc>jdbc:)?(?<scheme>postgres(?:ql)?|mysql|mariadb)(?::sequential)?(?:\\+\\w+)?://"
                    + "(?:(?<login>[^/]*)@)?(?<server>[^/?@]*)/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?");
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    public DatabaseUrl {
        requireNonNull(dialect, "dialect is null");
        requireNonNull(server, "server is null");
        requireNonNull(database, "database is null");
        parameters = Map.copyOf(parameters);
    }

    /** @throws IllegalArgumentException if it is not one; the message repeats nothing of it that may be secret */
    public static DatabaseUrl parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must be mysql+pymysql://user:password@host:port/database,"
                    + " postgresql://user:password@host:port/database, or JDBC's form of one of them");
        }
        Dialect dialect = form.group("scheme").startsWith("postgres") ? Dialect.POSTGRESQL : Dialect.MARIADB;
        boolean jdbc = form.group("jdbc") != null;
        Map<String, String> parameters = UrlParameters.read(form.group("parameters"), dialect, jdbc);
        Optional<String> user = Optional.ofNullable(parameters.remove("user"));
        Optional<String> password = Optional.ofNullable(parameters.remove("password"));
        if (form.group("login") != null) {
            String[] login = form.group("login").split(":", 2);
            user = Optional.of(decoded(login[0]));
            password = login.length == 2 ? Optional.of(decoded(login[1])) : password;
        }
        String server = form.group("server").isEmpty() ? "localhost" : form.group("server");
        DatabaseUrl url =
                new DatabaseUrl(dialect, server, decoded(form.group("database")), user, password, parameters);
        url.dataSource(); // says what is wrong with the parameters
        return url;
    }

    /** The same server and login. */
    public DatabaseUrl withDatabase(String name) {
        return new DatabaseUrl(dialect, server, name, user, password, parameters);
    }

    /** The same login and database. */
    public DatabaseUrl withServer(String name) {
        return new DatabaseUrl(dialect, name, database, user, password, parameters);
    }

    /** The same database for somebody else. */
    public DatabaseUrl withLogin(String name, Optional<String> secret) {
        return new DatabaseUrl(dialect, server, database, Optional.of(name), secret, parameters);
    }

    /** As {@code [database] connection} takes it, with the login in clear. */
    public String connection() {
        String login = user.map(name -> encoded(name) + password.map(secret -> ":" + encoded(secret)).orElse("") + "@")
                .orElse("");
        String scheme = switch (dialect) {
            case POSTGRESQL -> "postgresql+psycopg2";
            case MARIADB -> "mysql+pymysql";
        };
        return scheme + "://" + login + server + "/" + database;
    }

    /** Opens a new connection each time it is asked. Failures do not show the data they are about. */
    public DataSource dataSource() {
        return switch (dialect) {
            case POSTGRESQL -> PostgresqlSource.plain(this);
            case MARIADB -> MariaDbSource.plain(this);
        };
    }

    /** The same with a limit to how long opening a connection may take, to whole seconds. */
    public DataSource dataSource(Duration timeout) {
        return switch (dialect) {
            case POSTGRESQL -> PostgresqlSource.patient(this, timeout);
            case MARIADB -> MariaDbSource.patient(this, timeout);
        };
    }

    /**
     * For a pool: sessions as our statements need them, each statement of which is given up after about that time.
     * Nobody is asked before a connection is wanted.
     */
    DataSource session(Duration timeout) {
        return switch (dialect) {
            case POSTGRESQL -> PostgresqlSource.session(this, timeout);
            case MARIADB -> MariaDbSource.session(this, timeout);
        };
    }

    /** Server and database, never the login. */
    @Override
    public String toString() {
        return server + "/" + database;
    }

    /** As Python's {@code unquote}: a percent sign without two digits is itself, and so is a plus. */
    static String decoded(String text) {
        String escaped = STRAY_PERCENT.matcher(text).replaceAll("%25").replace("+", "%2B");
        return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
