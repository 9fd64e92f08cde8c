package dev.reseat.api.rest.keystone;

import dev.reseat.runtime.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach Keystone, and as whom: the options of keystonemiddleware's {@code [keystone_authtoken]}.
 *
 * @param authUrl where we ask it; empty if it is not configured
 * @param publicUri where callers are told to get their tokens
 * @param serviceTokenRoles a service token with one of these may pass on an expired user token
 * @param cacheTime how long an answer is believed; zero or less for not at all
 * @param caFile who signs Keystone's certificate, if the JDK does not know it
 */
public record KeystoneConfig(
        Optional<URI> authUrl,
        Optional<String> publicUri,
        Credentials credentials,
        List<String> serviceTokenRoles,
        Duration cacheTime,
        Duration timeout,
        Optional<Path> caFile) {
    private static final String GROUP = "keystone_authtoken";

    public KeystoneConfig {
        serviceTokenRoles = List.copyOf(serviceTokenRoles);
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("[keystone_authtoken] http_connect_timeout must be positive");
        }
        if (authUrl.isPresent() && (credentials.username().isEmpty() || credentials.project().isEmpty())) {
            throw new IllegalArgumentException(
                    "[keystone_authtoken] auth_url needs username, password and project_name");
        }
    }

    public static KeystoneConfig from(Settings settings) {
        Optional<String> url = settings.optionalText(GROUP, "auth_url");
        Credentials credentials = new Credentials(
                settings.text(GROUP, "username", ""),
                settings.text(GROUP, "password", ""),
                settings.text(GROUP, "user_domain_name", "Default"),
                settings.text(GROUP, "project_name", ""),
                settings.text(GROUP, "project_domain_name", "Default"));
        return new KeystoneConfig(
                url.map(KeystoneConfig::versioned),
                settings.optionalText(GROUP, "www_authenticate_uri").or(() -> url),
                credentials,
                settings.list(GROUP, "service_token_roles", List.of("service")),
                settings.seconds(GROUP, "token_cache_time", Duration.ofSeconds(300)),
                settings.seconds(GROUP, "http_connect_timeout", Duration.ofSeconds(10)),
                settings.optionalText(GROUP, "cafile").map(Path::of));
    }

    private static URI versioned(String url) {
        String base = url.replaceAll("/+$", "");
        return URI.create(base.endsWith("/v3") ? base : base + "/v3");
    }

    /** A user and the project he acts in, by names. */
    public record Credentials(
            String username, String password, String userDomain, String project, String projectDomain) {
        /** Who, never the password. */
        @Override
        public String toString() {
            return "Credentials[" + username + " in " + project + "]";
        }
    }
}
