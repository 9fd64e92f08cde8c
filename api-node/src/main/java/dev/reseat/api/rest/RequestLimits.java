package dev.reseat.api.rest;

import dev.reseat.runtime.Settings;
import java.time.Duration;

/**
 * What one caller may take of the server, so that the others are served.
 *
 * @param requests in flight, of all callers together
 * @param requestsPerAddress in flight from one address: generous, for a load balancer is one
 * @param requestsPerUser in flight for one authenticated user
 * @param bodyTimeout until which a request's body must have come
 * @param bodyRate bytes a second that a body must come with, on average, after the first seconds
 * @param headerTimeout until which a request's headers must have come
 * @param headerRate bytes a second that headers must come with, on average, after the first seconds
 */
public record RequestLimits(
        int requests,
        int requestsPerAddress,
        int requestsPerUser,
        Duration bodyTimeout,
        int bodyRate,
        Duration headerTimeout,
        int headerRate) {
    private static final Duration UNWANTED = Duration.ofSeconds(2);

    public RequestLimits {
        if (!bodyTimeout.isPositive() || !headerTimeout.isPositive()) {
            throw new IllegalArgumentException("[api] body_timeout and header_timeout must be positive");
        }
    }

    /** For what is taken in only so that its sender reads the answer: shorter than for a body that is wanted. */
    RequestLimits ofUnwantedBody() {
        Duration shorter = bodyTimeout.compareTo(UNWANTED) < 0 ? bodyTimeout : UNWANTED;
        return new RequestLimits(requests, requestsPerAddress, requestsPerUser, shorter, bodyRate, headerTimeout,
                headerRate);
    }

    /** Reads {@code [api]}. */
    static RequestLimits from(Settings settings) {
        int most = Integer.MAX_VALUE;
        return new RequestLimits(
                settings.integer("api", "requests_in_flight", 2048, 1, most),
                settings.integer("api", "requests_per_address", 1024, 1, most),
                settings.integer("api", "requests_per_user", 256, 1, most),
                settings.seconds("api", "body_timeout", Duration.ofSeconds(30)),
                settings.integer("api", "body_rate", 512, 1, most),
                settings.seconds("api", "header_timeout", Duration.ofSeconds(10)),
                settings.integer("api", "header_rate", 128, 1, most));
    }
}
