package dev.reseat.api.rest.json;

import dev.reseat.contract.evidence.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one source said of a volume.
 *
 * @param source {@code cinder}, {@code nova}, {@code guest}, {@code host} or {@code backend}
 * @param question {@code attached}, {@code mapped}, {@code exported} or {@code in_use}
 * @param answer {@code yes}, {@code no} or {@code unknown}
 * @param asked how
 * @param seenAt ISO 8601 with zone
 * @param ageMs how long ago that was when this was written
 * @param freshForMs how long it may be relied on
 */
public record ObservationView(
        String source,
        String question,
        String answer,
        Optional<String> host,
        Optional<String> attachmentId,
        String asked,
        String seenAt,
        long ageMs,
        long freshForMs,
        String excerpt) {
    /** @param now when the view is written */
    public static List<ObservationView> of(List<Observation> observations, Instant now) {
        return observations.stream().map(seen -> of(seen, now)).toList();
    }

    private static ObservationView of(Observation seen, Instant now) {
        return new ObservationView(
                seen.source().text(),
                seen.question().text(),
                seen.answer().text(),
                seen.host(),
                seen.attachmentId(),
                seen.asked(),
                seen.seenAt().toString(),
                Math.max(0, Duration.between(seen.seenAt(), now).toMillis()),
                seen.freshFor().toMillis(),
                seen.excerpt());
    }
}
