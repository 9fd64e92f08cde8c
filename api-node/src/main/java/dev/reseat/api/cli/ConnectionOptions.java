package dev.reseat.api.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which server, and who asks: the options every command has. Their defaults are environment variables. */
final class ConnectionOptions implements IDefaultValueProvider {
    private static final Map<String, String> VARIABLES = Map.of(
            "--endpoint", "RESEAT_ENDPOINT",
            "--os-auth-type", "OS_AUTH_TYPE",
            "--os-user-id", "OS_USER_ID",
            "--os-project-id", "OS_PROJECT_ID");

    private final Map<String, String> environment;

    @Option(names = "--endpoint", paramLabel = "URL", scope = ScopeType.INHERIT, description = "where the api-node "
            + "listens, http://HOST:PORT; RESEAT_ENDPOINT") private String endpoint;

    @Option(names = "--os-auth-type", paramLabel = "TYPE", scope = ScopeType.INHERIT, description = "@|bold token|@: "
            + "the token in OS_TOKEN, the default where that is set; @|bold noauth|@: a user"
            + " and a project, believed by servers that are configured so; OS_AUTH_TYPE") private String authType;

    @Option(names = "--os-user-id", paramLabel = "ID", scope = ScopeType.INHERIT, description = "for noauth; "
            + "OS_USER_ID") private String userId;

    @Option(names = "--os-project-id", paramLabel = "ID", scope = ScopeType.INHERIT, description = "for noauth; "
            + "OS_PROJECT_ID") private String projectId;

    @Option(names = "--timeout", paramLabel = "SECONDS", scope = ScopeType.INHERIT, defaultValue = "300",
            description = "how long to wait for one answer; ${DEFAULT-VALUE}") private int timeoutSeconds;

    ConnectionOptions(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** @throws UsageError if it is not said where to go or who asks */
    ApiClient client() {
        if (timeoutSeconds < 1) {
            throw new UsageError("--timeout must be at least 1");
        }
        return new ApiClient(root(), Map.of("X-Auth-Token", header(token())), Duration.ofSeconds(timeoutSeconds));
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && VARIABLES.containsKey(option.longestName())
                ? environment.get(VARIABLES.get(option.longestName()))
                : null;
    }

    private URI root() {
        if (endpoint == null) {
            throw new UsageError("where is the api-node? Give --endpoint or set RESEAT_ENDPOINT");
        }
        try {
            URI uri = new URI(endpoint.replaceFirst("/(v3|reseat/v1)?/*$", ""));
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

    private String token() {
        Optional<String> token = Optional.ofNullable(environment.get("OS_TOKEN"));
        String type = authType != null
                ? authType
                : token.map(_ -> "token")
                        .orElseThrow(
                                () -> new UsageError(
                                        "who asks? Set OS_TOKEN, or give --os-auth-type noauth with --os-user-id and"
                                                + " --os-project-id"));
        return switch (type) {
            case "token" -> token.orElseThrow(() -> new UsageError("--os-auth-type token needs OS_TOKEN"));
            case "noauth" -> {
                if (userId == null || projectId == null) {
                    throw new UsageError("--os-auth-type noauth needs --os-user-id and --os-project-id");
                }
                yield userId + ":" + projectId;
            }
            default -> throw new UsageError("--os-auth-type is token or noauth, not '" + type + "'");
        };
    }
}
