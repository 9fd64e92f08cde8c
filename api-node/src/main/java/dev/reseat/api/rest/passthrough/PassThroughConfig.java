package dev.reseat.api.rest.passthrough;

import dev.reseat.runtime.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The cinder-api that stands behind us.
 *
 * @param cinderApi scheme, host and port, and what stands in front of {@code /v3} there, without a slash at its end
 * @param timeout how long it may say nothing while a request is under way
 * @param connections to it at once; further requests wait for one
 * @param queueTimeout how long they wait
 * @param caFile who signs its certificate, if the JDK does not know it
 * @param maxBodySize bytes of a volume's action
 */
public record PassThroughConfig(
        URI cinderApi,
        Duration timeout,
        int connections,
        Duration queueTimeout,
        Optional<Path> caFile,
        int maxBodySize) {
    private static final String GROUP = "reseat";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int CONNECTIONS = 512;
    /** Less than the server gives a client that sends nothing. */
    private static final Duration QUEUED = Duration.ofSeconds(20);

    public PassThroughConfig {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("[reseat] cinder_api_timeout must be positive");
        }
        if (!queueTimeout.isPositive()) {
            throw new IllegalArgumentException("[reseat] cinder_api_queue_timeout must be positive");
        }
    }

    /** Reads {@code [reseat] cinder_api…}; empty if there is none. */
    public static Optional<PassThroughConfig> from(Settings settings) {
        Optional<URI> behind =
                settings.value(GROUP, "cinder_api", Optional.empty(), text -> Optional.of(PassThroughConfig.url(text)));
        Duration timeout = settings.seconds(GROUP, "cinder_api_timeout", PATIENCE);
        int connections = settings.integer(GROUP, "cinder_api_connections", CONNECTIONS, 1, Integer.MAX_VALUE);
        Duration queued = settings.seconds(GROUP, "cinder_api_queue_timeout", QUEUED);
        Optional<Path> caFile = settings.optionalText(GROUP, "cinder_api_cafile").map(Path::of);
        int maxBodySize = settings.integer("oslo_middleware", "max_request_body_size", 114688);
        return behind.map(url -> new PassThroughConfig(url, timeout, connections, queued, caFile, maxBodySize));
    }

    private static URI url(String text) {
        URI uri = URI.create(text.strip().replaceFirst("(/v3)?/*$", ""));
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must be http://HOST:PORT or https://HOST:PORT, and a path at most");
        }
        return uri;
    }
}
