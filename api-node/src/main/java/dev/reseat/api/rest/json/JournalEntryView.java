package dev.reseat.api.rest.json;

import dev.reseat.api.object.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One repair in {@code GET /reseat/v1/journal}: who, why, how far, and what came of it. Times in ISO 8601 with zone.
 */
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
    /**
     * One step.
     *
     * @param phase {@code begun}, {@code done}, {@code failed} or {@code unknown}
     */
    public record Step(String name, String phase, Map<String, Object> detail, String at) {
        /** @param detailJson as it is kept */
        public static Step of(String name, String phase, String detailJson, String at) {
            return new Step(name, phase, StoredObject.of(detailJson).shown(), at);
        }
    }
}
