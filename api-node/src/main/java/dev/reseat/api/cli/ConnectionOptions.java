package dev.reseat.api.cli;

import dev.reseat.runtime.TrustedCertificates;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which server, and who asks: the options every command has. Their defaults are environment variables. */
final class ConnectionOptions implements IDefaultValueProvider {
    private static final Map<String, String> VARIABLES = Map.of(
            "--endpoint", "RESEAT_ENDPOINT",
            "--os-cloud", "OS_CLOUD",
            "--os-auth-type", "OS_AUTH_TYPE",
            "--os-user-id", "OS_USER_ID",
            "--os-project-id", "OS_PROJECT_ID");
    private static final Set<String> WITHOUT_KEYSTONE = Set.of("noauth", "none");

    private static final Set<String> YES = Set.of("1", "true", "True", "TRUE", "yes");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, String> environment;

    @Option(names = "--endpoint", paramLabel = "URL", scope = ScopeType.INHERIT, description = "where the api-node "
            + "listens, http://HOST:PORT; RESEAT_ENDPOINT, or volume-repair in the catalog") private String endpoint;

    @Option(names = "--os-cloud", paramLabel = "NAME", scope = ScopeType.INHERIT, description = "a cloud of "
            + "clouds.yaml; OS_CLOUD. Every OS_… of python-openstackclient goes before it") private String cloud;

    @Option(names = "--os-auth-type", paramLabel = "TYPE", scope = ScopeType.INHERIT, description = "how to log in to "
            + "Keystone: @|bold password|@, @|bold token|@, @|bold v3applicationcredential|@, @|bold v3totp|@; or "
            + "@|bold noauth|@: a user and a project, believed by servers that are configured so; OS_AUTH_TYPE. With"
            + " OS_TOKEN and an endpoint nobody else is asked") private String authType;

    @Option(names = "--os-user-id", paramLabel = "ID", scope = ScopeType.INHERIT, description = "for noauth; "
            + "OS_USER_ID") private String userId;

    @Option(names = "--os-project-id", paramLabel = "ID", scope = ScopeType.INHERIT, description = "for noauth; "
            + "OS_PROJECT_ID") private String projectId;

    @Option(names = "--os-cacert", paramLabel = "FILE", scope = ScopeType.INHERIT, description = "who signs the "
            + "certificates of Keystone and of the api-node, PEM; OS_CACERT") private String caFile;

    @Option(names = "--insecure", scope = ScopeType.INHERIT, description = "believe any certificate: whoever stands "
            + "between may read and change everything; OS_INSECURE") private boolean insecure;

    @Option(names = "--timeout", paramLabel = "SECONDS", scope = ScopeType.INHERIT, defaultValue = "300",
            description = "how long to wait for one answer; ${DEFAULT-VALUE}") private int timeoutSeconds;

    ConnectionOptions(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Logs in where that is needed.
     *
     * @throws UsageError if it is not said where to go or who asks
     */
    ApiClient client() {
        if (timeoutSeconds < 1) {
            throw new UsageError("--timeout must be at least 1");
        }
        Login login = login();
        HttpClient http = http(login);
        Optional<String> own = ownToken(login).map(ConnectionOptions::header);
        if (own.isPresent() && endpoint != null) {
            return client(http, endpoint, own.get());
        }
        if (own.isPresent() && login.value("auth_url").isEmpty()) {
            throw new UsageError("where is the api-node? Give --endpoint or set RESEAT_ENDPOINT");
        }
        KeystoneSession session = own.map(token -> KeystoneSession.of(http, login, token, timeout()))
                .orElseGet(() -> KeystoneSession.open(http, login, timeout()));
        String found = Optional.ofNullable(endpoint)
                .or(session::endpoint)
                .orElseThrow(() -> new UsageError(
                        "where is the api-node? Keystone's catalog has no " + KeystoneSession.SERVICE_TYPE
                                + " endpoint for"
                                + " this region and interface; register it, or give --endpoint or RESEAT_ENDPOINT"));
        return client(http, found, session.token());
    }

    private ApiClient client(HttpClient http, String at, String token) {
        return new ApiClient(http, root(at), Map.of("X-Auth-Token", header(token)), timeout());
    }

    private Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }

    private Login login() {
        Map<String, String> given = new HashMap<>(environment);
        put(given, "OS_AUTH_TYPE", authType);
        put(given, "OS_USER_ID", userId);
        put(given, "OS_PROJECT_ID", projectId);
        put(given, "OS_CACERT", caFile);
        put(given, "OS_INSECURE", insecure ? "true" : null);
        return new Login(given, cloud == null || cloud.isBlank() ? Map.of() : CloudsFile.cloud(cloud, environment));
    }

    private static void put(Map<String, String> values, String name, String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    private static HttpClient http(Login login) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        if (isInsecure(login)) {
            builder.sslContext(AnyCertificate.believed());
        } else {
            login.value("cacert").map(Path::of).map(ConnectionOptions::trusting).ifPresent(builder::sslContext);
        }
        return builder.build();
    }

    private static boolean isInsecure(Login login) {
        return login.value("insecure").filter(YES::contains).isPresent()
                || login.value("verify").filter("false"::equalsIgnoreCase).isPresent();
    }

    private static SSLContext trusting(Path file) {
        try {
            return TrustedCertificates.in(file);
        } catch (IllegalArgumentException unusable) {
            throw new UsageError("OS_CACERT: " + unusable.getMessage());
        }
    }

    /** What is sent as it is; empty if Keystone has to be asked for a token. */
    private static Optional<String> ownToken(Login login) {
        Optional<String> type = login.value("auth_type");
        if (type.filter(WITHOUT_KEYSTONE::contains).isPresent()) {
            return Optional.of(login.value("user_id")
                    .flatMap(user -> login.value("project_id").map(project -> user + ":" + project))
                    .orElseThrow(() -> new UsageError("--os-auth-type noauth needs --os-user-id and --os-project-id")));
        }
        if (login.value("auth_url").isEmpty() && login.value("token").isEmpty()) {
            throw new UsageError(type.filter("token"::equals).isPresent()
                    ? "--os-auth-type token needs OS_TOKEN"
                    : "who asks? Give --os-cloud, set OS_AUTH_URL and the rest of a login, or the token in OS_TOKEN"
                            + " with --endpoint or RESEAT_ENDPOINT, or give --os-auth-type noauth with --os-user-id and"
                            + " --os-project-id");
        }
        boolean asItIs = login.method().equals("token")
                && (login.scope().isEmpty() || login.value("auth_url").isEmpty());
        return asItIs ? login.value("token") : Optional.empty();
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && VARIABLES.containsKey(option.longestName())
                ? environment.get(VARIABLES.get(option.longestName()))
                : null;
    }

    private static URI root(String endpoint) {
        try {
            URI uri = new URI(endpoint.replaceFirst("/(v3|reseat/v1)?(/[0-9a-f-]{32,36})?/*$", ""));
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (URISyntaxException noUri) {
            throw new UsageError("the endpoint is no http URL: " + noUri.getReason());
        }
        // without what may be a user and a password
        throw new UsageError("the endpoint is no http URL: " + endpoint.substring(endpoint.lastIndexOf('@') + 1));
    }

    /** @throws UsageError if it cannot be a header; the message does not show it */
    private static String header(String token) {
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new UsageError(
                    "the token, or user and project, holds a blank or another character that no token has");
        }
        return token;
    }
}
