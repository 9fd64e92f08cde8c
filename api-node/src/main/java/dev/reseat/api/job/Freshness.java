package dev.reseat.api.job;

import dev.reseat.contract.evidence.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** How long a plan may be relied on. */
final class Freshness {
    /** Without any source that was asked. */
    private static final Duration ROWS_ARE_FRESH = Duration.ofMinutes(5);

    private Freshness() {}

    /** Until the first of what was seen is no longer fresh. */
    static Instant until(List<Observation> observations, Instant now) {
        return observations.stream()
                .filter(seen -> !seen.freshFor().isZero())
                .map(seen -> seen.seenAt().plus(seen.freshFor()))
                .min(Comparator.naturalOrder())
                .orElseGet(() -> now.plus(ROWS_ARE_FRESH));
    }
}
