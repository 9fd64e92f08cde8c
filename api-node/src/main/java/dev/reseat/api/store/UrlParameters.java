package dev.reseat.api.store;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What stands behind the question mark of a database's URL. JDBC's own names are kept; those that Python's drivers know
 * get JDBC's, with the same meaning. Without a word are left those that only concern Python, or are set by us anyway.
 */
final class UrlParameters {
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
    private static final Set<String> PYTHONS_OWN =
            Set.of("charset", "use_unicode", "binary_prefix", "read_timeout", "write_timeout", "plugin",
                    "local_infile");
    private static final Set<String> OF_TLS = Set.of(
            "ssl", "ssl_ca", "ssl_check_hostname", "ssl_disabled", "ssl_mode", "ssl_verify_cert",
            "ssl_verify_identity");
    private static final Set<String> YES = Set.of("1", "true", "yes", "on");

    private UrlParameters() {}

    /** @throws IllegalArgumentException if one is unknown; the message names it without its value */
    static Map<String, String> read(String query, Dialect dialect, boolean jdbc) {
        Map<String, String> given = pairs(query);
        return switch (dialect) {
            case POSTGRESQL -> jdbc ? given : libpq(given);
            case MARIADB -> jdbc ? given : pymysql(given);
        };
    }

    private static Map<String, String> pairs(String query) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                String[] words = pair.split("=", 2);
                pairs.put(words[0], words.length == 2 ? DatabaseUrl.decoded(words[1]) : "");
            }
        }
        return pairs;
    }

    private static Map<String, String> libpq(Map<String, String> given) {
        Map<String, String> parameters = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            String known = LIBPQ.get(name);
            if (known == null) {
                throw new IllegalArgumentException("unknown parameter " + name);
            }
            parameters.put(known, value);
        });
        return parameters;
    }

    private static Map<String, String> pymysql(Map<String, String> given) {
        Map<String, String> parameters = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            switch (name) {
                case "ssl_ca" -> parameters.put("serverSslCert", value);
                case "unix_socket" -> parameters.put("localSocket", value);
                case "connect_timeout" -> parameters.put("connectTimeout", value + "000");
                case "ssl_cert", "ssl_key" -> throw new IllegalArgumentException(name
                        + " cannot be used: give the client's certificate as jdbc:mariadb://…?keyStore=FILE.p12");
                default -> {
                    if (!OF_TLS.contains(name) && !PYTHONS_OWN.contains(name)) {
                        throw new IllegalArgumentException("unknown parameter " + name);
                    }
                }
            }
        });
        if (given.keySet().stream().anyMatch(OF_TLS::contains)) {
            parameters.put("sslMode", mode(given));
        }
        return parameters;
    }

    /** A certificate authority means, as with PyMySQL, that certificate and name of the server are checked. */
    private static String mode(Map<String, String> given) {
        boolean checked = given.containsKey("ssl_ca") || isYes(given.getOrDefault("ssl_verify_cert", "no"));
        String byName = given.getOrDefault("ssl_check_hostname", given.get("ssl_verify_identity"));
        if (isYes(given.getOrDefault("ssl_disabled", "no")) || !isYes(given.getOrDefault("ssl", "yes"))) {
            return "disable";
        }
        if (given.containsKey("ssl_mode")) {
            return mode(given.get("ssl_mode"));
        }
        if (byName == null ? given.containsKey("ssl_ca") : isYes(byName)) {
            return "verify-full";
        }
        return checked ? "verify-ca" : "trust";
    }

    private static String mode(String value) {
        return switch (value.toUpperCase(Locale.ROOT)) {
            case "DISABLED", "PREFERRED" -> "disable";
            case "REQUIRED" -> "trust";
            case "VERIFY_CA" -> "verify-ca";
            case "VERIFY_IDENTITY" -> "verify-full";
            default -> throw new IllegalArgumentException("ssl_mode is not one of MySQL's");
        };
    }

    private static boolean isYes(String value) {
        return YES.contains(value.toLowerCase(Locale.ROOT));
    }
}
