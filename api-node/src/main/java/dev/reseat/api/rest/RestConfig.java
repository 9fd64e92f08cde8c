package dev.reseat.api.rest;

import dev.reseat.api.rest.passthrough.PassThroughConfig;
import dev.reseat.runtime.ServerTls;
import dev.reseat.runtime.Settings;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where and how the REST APIs are served.
 *
 * @param port 0 for any free one
 * @param publicEndpoint what links in answers begin with; empty for what the request was sent to
 * @param maxBodySize bytes
 * @param maxLimit most items of one page
 * @param limits what one caller may take of the server
 * @param projectIdPattern what counts as a project id in a path
 * @param policy who may do what
 * @param proxies who may say where a request came from
 * @param tls how the server shows who it is; empty for plain HTTP
 * @param passThrough the cinder-api behind us; without one its API is our own
 */
public record RestConfig(
        String listen,
        int port,
        Optional<String> publicEndpoint,
        int maxBodySize,
        int maxLimit,
        RequestLimits limits,
        Pattern projectIdPattern,
        AuthStrategy authStrategy,
        Policy policy,
        TrustedProxies proxies,
        Optional<ServerTls> tls,
        Optional<PassThroughConfig> passThrough) {
    public RestConfig {
        if (maxBodySize < 1 || maxLimit < 1) {
            throw new IllegalArgumentException(
                    "[oslo_middleware] max_request_body_size and [DEFAULT] osapi_max_limit must be at least 1");
        }
    }

    /** How callers prove who they are. */
    public enum AuthStrategy {
        KEYSTONE,
        /** Everybody is an administrator. */
        NOAUTH
    }

    /** Reads {@code [api]}, and from {@code [DEFAULT]} and {@code [oslo_middleware]} what Cinder reads there. */
    public static RestConfig from(Settings settings) {
        List<String> strategies = List.of("keystone", "noauth");
        String inherited = settings.choice("DEFAULT", "auth_strategy", "keystone", strategies);
        String strategy = settings.choice("api", "auth_strategy", inherited, strategies);
        return new RestConfig(
                settings.text("api", "listen", "127.0.0.1"),
                settings.integer("api", "port", 8776, 0, 65535),
                settings.optionalText("DEFAULT", "public_endpoint"),
                settings.integer("oslo_middleware", "max_request_body_size", 114688),
                settings.integer("DEFAULT", "osapi_max_limit", 1000),
                RequestLimits.from(settings),
                settings.value("DEFAULT", "project_id_regex", Pattern.compile("[0-9a-f\\-]+"), Pattern::compile),
                strategy.equals("noauth") ? AuthStrategy.NOAUTH : AuthStrategy.KEYSTONE,
                Policy.from(settings),
                TrustedProxies.from(settings),
                ServerTls.from(settings, usesTls(settings)),
                PassThroughConfig.from(settings));
    }

    /** As cinder.conf says it of cinder-api, unless it is said of us. */
    private static boolean usesTls(Settings settings) {
        boolean inherited = settings.bool("DEFAULT", "osapi_volume_use_ssl", false);
        return settings.bool("api", "use_ssl", inherited);
    }
}
