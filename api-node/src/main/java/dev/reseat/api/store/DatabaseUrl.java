package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is: SQLAlchemy's form, as {@code [database] connection} of OpenStack has it, or JDBC's.
 *
 * @param server {@code host:port}; several with commas between them
 * @param parameters of the driver, by JDBC's names
 */
public record DatabaseUrl(
        String server,
        String database,
        Optional<String> user,
        Optional<String> password,
        Map<String, String> parameters) {
    private static final Pattern FORM = Pattern.compile(
            "(?<jdbc>jdbc:)?postgres(?:ql)?(?:\\+\\w+)?://(?:(?<login>[^/]*)@)?(?<server>[^/?@]*)"
                    + "/(?<database>[^/?]+)(?:\\?(?<parameters>.*))?");
    // libpq's name, as SQLAlchemy passes it on, to JDBC's
    private static final Map<String, String> LIBPQ = Map.of(
            "sslmode", "sslmode",
            "sslrootcert", "sslrootcert",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "sslpassword", "sslpassword",
            "options", "options",
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout");
    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    public DatabaseUrl {
        requireNonNull(server, "server is null");
        requireNonNull(database, "database is null");
        parameters = Map.copyOf(parameters);
    }

    /** @throws IllegalArgumentException if it is not one; the message repeats nothing of it that may be secret */
    public static DatabaseUrl parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "must be postgresql://user:password@host:port/database or jdbc:postgresql://host:port/database");
        }
        boolean jdbc = form.group("jdbc") != null;
        Map<String, String> parameters = parameters(form.group("parameters"), jdbc);
        Optional<String> user = Optional.ofNullable(parameters.remove("user"));
        Optional<String> password = Optional.ofNullable(parameters.remove("password"));
        if (form.group("login") != null) {
            String[] login = form.group("login").split(":", 2);
            user = Optional.of(decoded(login[0]));
            password = login.length == 2 ? Optional.of(decoded(login[1])) : password;
        }
        String server = form.group("server").isEmpty() ? "localhost" : form.group("server");
        DatabaseUrl url = new DatabaseUrl(server, decoded(form.group("database")), user, password, parameters);
        url.dataSource();
        return url;
    }

    /** Opens a new connection each time it is asked. Failures do not show the data they are about. */
    public PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://" + server + "/");
        source.setDatabaseName(database);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        source.setLogServerErrorDetail(false);
        source.setTcpKeepAlive(true);
        source.setApplicationName("reseat");
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            try {
                source.setProperty(parameter.getKey(), parameter.getValue());
            } catch (SQLException refused) {
                throw new IllegalArgumentException("unknown parameter " + parameter.getKey(), refused);
            }
        }
        return source;
    }

    /** The same with a limit to how long opening a connection may take, to whole seconds. */
    public PGSimpleDataSource dataSource(Duration timeout) {
        PGSimpleDataSource source = dataSource();
        int seconds = Math.toIntExact(Math.max(1, timeout.plusMillis(999).toSeconds()));
        source.setConnectTimeout(seconds);
        source.setLoginTimeout(seconds);
        return source;
    }

    /** Server and database, never the login. */
    @Override
    public String toString() {
        return server + "/" + database;
    }

    private static Map<String, String> parameters(String query, boolean jdbc) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String pair : query.split("&", -1)) {
            String[] words = pair.split("=", 2);
            String name = jdbc ? words[0] : LIBPQ.get(words[0]);
            if (name == null) {
                throw new IllegalArgumentException("unknown parameter " + words[0]);
            }
            parameters.put(name, words.length == 2 ? decoded(words[1]) : "");
        }
        return parameters;
    }

    /** As Python's {@code unquote}: a percent sign without two digits is itself, and so is a plus. */
    private static String decoded(String text) {
        String escaped = STRAY_PERCENT.matcher(text).replaceAll("%25").replace("+", "%2B");
        return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    }
}
