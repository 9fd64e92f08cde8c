package dev.reseat.runtime;

import java.time.Duration;

/**
 * How long requests may take: nine tenths of what their callers wait, so that those are told the reason before they
 * give up.
 *
 * @param changing {@code [reseat] driver_timeout}: what changes something on a backend or a host
 * @param looking {@code [reseat] probe_timeout}: what only asks
 */
public record RequestTimes(Duration changing, Duration looking) {
    public RequestTimes {
        if (!changing.isPositive() || !looking.isPositive()) {
            throw new IllegalArgumentException("[reseat] driver_timeout and probe_timeout: must be positive");
        }
    }

    public static RequestTimes from(Settings settings) {
        return new RequestTimes(
                mostOf(settings.seconds("reseat", "driver_timeout", Duration.ofMinutes(4))),
                mostOf(settings.seconds("reseat", "probe_timeout", Duration.ofSeconds(10))));
    }

    private static Duration mostOf(Duration patience) {
        return patience.multipliedBy(9).dividedBy(10);
    }
}
