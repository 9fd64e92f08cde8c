package dev.reseat.api.store.journal;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What one repair intends, and what became of it. Before-image, request and words come back from the journal with
 * their secrets masked.
 *
 * @param subjectId the volume: two repairs of one exclude each other
 * @param mappingId the block device mapping that a refresh changes
 * @param userId who asked; empty text if nobody in particular did
 * @param projectId the asker's project; likewise
 * @param reason why, in the operator's words
 * @param requestJson what was asked for
 * @param beforeJson the state it was decided on, enough to undo it
 * @param owner the process that works on it, a number of {@link ProcessLeases}
 * @param epoch which taking over this is, counted from 1
 * @param outcome one sentence; empty while it is open
 */
public record JournalEntry(
        UUID id,
        Kind kind,
        String subjectId,
        Optional<String> mappingId,
        String requestId,
        String userId,
        String projectId,
        Optional<String> reason,
        String requestJson,
        String beforeJson,
        long owner,
        long epoch,
        Instant openedAt,
        State state,
        Optional<String> outcome,
        Optional<Instant> closedAt) {
    public JournalEntry {
        requireNonNull(id, "id is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(subjectId, "subjectId is null");
        requireNonNull(requestId, "requestId is null");
        requireNonNull(userId, "userId is null");
        requireNonNull(projectId, "projectId is null");
        requireNonNull(requestJson, "requestJson is null");
        requireNonNull(beforeJson, "beforeJson is null");
        requireNonNull(openedAt, "openedAt is null");
        requireNonNull(state, "state is null");
    }

    /** The right to write it that its owner has. */
    public Claim claim() {
        return new Claim(id, owner, epoch);
    }

    /** Which flow wrote it. */
    public enum Kind {
        RESET,
        REFRESH,
        /** One of several, each with steps of its own; the request says which. */
        REPAIR,
        /** A client is kept out of a backend. */
        FENCE
    }

    /** Where it stands. An entry is unsettled while it is OPEN or UNKNOWN; all other states are final. */
    public enum State {
        /** Somebody works on it, or died doing so. */
        OPEN,
        /** A peer did not answer in time: the reconciler has to ask what really happened. */
        UNKNOWN,
        DONE,
        /** It did not happen, or it was given up; the outcome says what may be left. */
        FAILED,
        /** It was taken back. */
        UNDONE,
        /** A later repair took its place. */
        SUPERSEDED;

        public boolean isFinal() {
            return this != OPEN && this != UNKNOWN;
        }
    }
}
