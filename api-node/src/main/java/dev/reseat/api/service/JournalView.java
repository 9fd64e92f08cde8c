package dev.reseat.api.service;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One repair as the journal tells it.
 *
 * @param state {@code open}, {@code done}, {@code undone}, {@code failed}, {@code unknown} or {@code superseded}
 * @param outcome one sentence
 */
public record JournalView(
        UUID id,
        String kind,
        String subject,
        String requestId,
        Optional<String> userId,
        Optional<String> reason,
        String state,
        Optional<String> outcome,
        Instant openedAt,
        Optional<Instant> closedAt,
        List<Step> steps) {
    public JournalView {
        steps = List.copyOf(steps);
    }

    /** @param detail JSON object, without secrets */
    public record Step(String name, String phase, String detail, Instant at) {}
}
