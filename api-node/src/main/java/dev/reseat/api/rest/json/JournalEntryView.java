package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Optional;

/** One repair in {@code GET /reseat/v1/journal}: who, why, how far, and what came of it. Times in ISO 8601 with zone. */
public record JournalEntryView(
        String id,
        String kind,
        String subject,
        String requestId,
        Optional<String> userId,
        Optional<String> reason,
        String state,
        Optional<String> outcome,
        String openedAt,
        Optional<String> closedAt,
        List<Step> steps) {
    /** @param phase {@code begin}, {@code done} and the like */
    public record Step(String name, String phase, String detail, String at) {}
}
