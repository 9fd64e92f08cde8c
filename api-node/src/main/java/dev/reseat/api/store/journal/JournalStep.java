package dev.reseat.api.store.journal;

import static java.util.Objects.requireNonNull;

import dev.reseat.contract.Secrets;
import java.time.Instant;
import java.util.UUID;

/**
 * One line of an entry's story.
 *
 * @param step the step's name, as the flow calls it
 * @param detailJson whatever a resume needs, without secrets
 */
public record JournalStep(UUID entry, String step, Phase phase, String detailJson, Instant at) {
    public JournalStep {
        requireNonNull(entry, "entry is null");
        requireNonNull(step, "step is null");
        requireNonNull(phase, "phase is null");
        requireNonNull(detailJson, "detailJson is null");
        requireNonNull(at, "at is null");
    }

    /** As it is stored: without secrets. */
    JournalStep masked() {
        return new JournalStep(entry, step, phase, Secrets.maskedJson(detailJson), at);
    }

    /** A step is written before it is done and after; one that is BEGUN only may have been done. */
    public enum Phase {
        BEGUN,
        DONE,
        FAILED,
        UNKNOWN,
        SKIPPED
    }
}
