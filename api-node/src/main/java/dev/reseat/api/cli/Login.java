package dev.reseat.api.cli;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who logs in to Keystone, and for what: by python-openstackclient's names, from variables {@code OS_…} and, behind
 * them, a cloud of {@code clouds.yaml}.
 */
final class Login {
    private static final Map<String, List<String>> FORMER = Map.of(
            "project_name", List.of("tenant_name"),
            "project_id", List.of("tenant_id"),
            "interface", List.of("endpoint_type"));

    private final Map<String, String> environment;
    private final Map<String, String> cloud;

    /** @param cloud what a file says; empty if none is named */
    Login(Map<String, String> environment, Map<String, String> cloud) {
        this.environment = Map.copyOf(environment);
        this.cloud = Map.copyOf(cloud);
    }

    /** A value by its name in {@code clouds.yaml}; blank is none. */
    Optional<String> value(String name) {
        return exact(name).or(() -> FORMER.getOrDefault(name, List.of())
                .stream()
                .flatMap(former -> exact(former).stream())
                .findFirst());
    }

    private Optional<String> exact(String name) {
        return Optional.ofNullable(environment.get("OS_" + name.toUpperCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(cloud.get(name)))
                .filter(text -> !text.isBlank());
    }

    /** @throws UsageError if it is not said, or no address */
    URI authUrl() {
        String url = value("auth_url").orElseThrow(() -> new UsageError(
                "where is Keystone? Set OS_AUTH_URL, or name a cloud of clouds.yaml by --os-cloud"));
        try {
            URI uri = URI.create(url.replaceFirst("/(v3|v2\\.0)?/*$", "") + "/v3");
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException noUri) {
            throw new UsageError("OS_AUTH_URL is no URL");
        }
        throw new UsageError("OS_AUTH_URL is no http URL");
    }

    /** How: {@code password}, {@code token}, {@code application_credential} or {@code totp}. */
    String method() {
        String type = value("auth_type").orElseGet(() -> value("application_credential_secret").isPresent()
                ? "v3applicationcredential"
                : value("token").isPresent() ? "v3token" : "v3password");
        return switch (type) {
            case "password", "v3password" -> "password";
            case "token", "v3token" -> "token";
            case "v3applicationcredential" -> "application_credential";
            case "v3totp" -> "totp";
            default -> throw new UsageError("--os-auth-type is password, token, v3applicationcredential, v3totp or"
                    + " noauth, not '" + type + "'");
        };
    }

    /**
     * What Keystone is sent; a secret.
     *
     * @throws UsageError if something is missing
     */
    Map<String, Object> auth() {
        Map<String, Object> auth = new LinkedHashMap<>();
        String method = method();
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("methods", List.of(method));
        identity.put(method, identity(method));
        auth.put("identity", identity);
        if (!method.equals("application_credential")) { // which has a scope of its own
            scope().ifPresent(scope -> auth.put("scope", scope));
        }
        return Map.of("auth", auth);
    }

    private Map<String, Object> identity(String method) {
        return switch (method) {
            case "token" -> Map.of("id", required("token"));
            case "application_credential" -> application();
            case "totp" -> Map.of("user", user("passcode"));
            default -> Map.of("user", user("password"));
        };
    }

    private Map<String, Object> application() {
        Map<String, Object> credential = new LinkedHashMap<>();
        credential.put("secret", required("application_credential_secret"));
        value("application_credential_id").ifPresentOrElse(id -> credential.put("id", id), () -> {
            credential.put("name", required("application_credential_name"));
            credential.put("user", named("user", "username"));
        });
        return credential;
    }

    private Map<String, Object> user(String secret) {
        Map<String, Object> user = named("user", "username");
        user.put(secret, required(secret));
        return user;
    }

    /** By id, or by name and domain. */
    private Map<String, Object> named(String kind, String nameKey) {
        Map<String, Object> who = new LinkedHashMap<>();
        value(kind + "_id").ifPresentOrElse(id -> who.put("id", id), () -> {
            who.put("name", required(nameKey));
            who.put("domain", domain(kind));
        });
        return who;
    }

    private Map<String, String> domain(String kind) {
        return value(kind + "_domain_id").map(id -> Map.of("id", id))
                .or(() -> value(kind + "_domain_name").map(name -> Map.of("name", name)))
                .orElseGet(() -> Map.of("id", value("default_domain").orElse("default")));
    }

    /** What the token is to be for; empty if that is not said. */
    Optional<Map<String, Object>> scope() {
        if (value("system_scope").isPresent()) {
            return Optional.of(Map.of("system", Map.of("all", true)));
        }
        if (value("trust_id").isPresent()) {
            return Optional.of(Map.of("OS-TRUST:trust", Map.of("id", required("trust_id"))));
        }
        if (value("project_id").or(() -> value("project_name")).isPresent()) {
            return Optional.of(Map.of("project", named("project", "project_name")));
        }
        return value("domain_id").<Map<String, Object>>map(id -> Map.of("domain", Map.of("id", id)))
                .or(() -> value("domain_name").map(name -> Map.of("domain", Map.of("name", name))));
    }

    private String required(String name) {
        return value(name).orElseThrow(
                () -> new UsageError("OS_" + name.toUpperCase(Locale.ROOT) + " is not set, nor is " + name
                        + " in clouds.yaml"));
    }
}
