package dev.reseat.api.model;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One volume of a job, or one of its mappings.
 *
 * @param host the compute host that is concerned, for the limit; empty if none is
 * @param backend the same of the storage
 * @param target the status to reset to, where it is not the one of the whole job
 * @param requestId of this attempt alone: the journal entry of the repair carries it
 * @param guard digest of the rows that were planned on
 * @param digest digest of those rows and of what was decided
 * @param plan what would be done, in one line
 * @param inverse the status that takes it back exactly; empty if it cannot be undone
 * @param owner the process that works on it; 0 if none does, and a worker's report carries it on
 * @param epoch which taking over this is
 * @param journal the entry that tells how it was repaired
 * @param detail why it is in its state
 */
public record JobItem(
        long id,
        UUID job,
        int position,
        String volumeId,
        Optional<String> mappingId,
        Optional<String> instanceId,
        Optional<String> host,
        Optional<String> backend,
        Optional<String> target,
        String requestId,
        State state,
        Optional<String> guard,
        Optional<String> digest,
        Optional<String> plan,
        Optional<String> inverse,
        long owner,
        long epoch,
        int attempt,
        Optional<UUID> journal,
        Optional<String> detail,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    /** Where it stands. */
    public enum State {
        /** Nobody has asked its sources yet. */
        NEW,
        /** Somebody asks them. */
        PLANNING,
        PLANNED,
        /** It would not be done: the plan says why. */
        REFUSED,
        /** It may begin as soon as the limits let it. */
        WAITING,
        /** It cannot begin before something outside has changed: the instance runs. */
        HELD,
        RUNNING,
        /** What came of it is not known; the journal will tell. */
        UNKNOWN,
        DONE,
        FAILED,
        /** It was not begun, or refused before anything was changed. */
        SKIPPED;

        /** In which an item that is over can be. */
        public static final Set<State> ENDS = Set.of(DONE, FAILED, SKIPPED);
    }
}
