package dev.reseat.api.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One repair of many volumes.
 *
 * @param selectorJson a {@link JobSelector}
 * @param requestJson what each item is asked for
 * @param notes what the operator must know of the selection
 * @param undoes the job that this one takes back
 * @param userId who asked; empty text if nobody in particular did
 * @param why it is in its state, if somebody or something has brought it there
 * @param applied whether it may begin once it is planned
 * @param released items with a lower position may begin
 */
public record Job(
        UUID id,
        Action action,
        String selectorJson,
        String requestJson,
        JobLimits limits,
        List<String> notes,
        Optional<UUID> undoes,
        String requestId,
        String userId,
        String projectId,
        Optional<String> reason,
        State state,
        Optional<String> why,
        boolean applied,
        int released,
        Optional<Instant> notBefore,
        Instant createdAt,
        Optional<Instant> appliedAt,
        Optional<Instant> endedAt) {
    public Job {
        notes = List.copyOf(notes);
    }

    /** What is done to each item. */
    public enum Action {
        /** The volume's state is reset, driver first. */
        RESET,
        /** A mapping's connection_info is made anew. */
        REFRESH,
        /** What the decision on the volume's evidence says. */
        REPAIR
    }

    /** Where it stands. */
    public enum State {
        /** Each item's sources are asked. */
        PLANNING,
        /** It waits for somebody who has read the plan. */
        PLANNED,
        RUNNING,
        /** Nothing begins until it is resumed; what is in flight ends. */
        PAUSED,
        /** The same, because a limit was reached. */
        STOPPED,
        CANCELLED,
        DONE;

        public boolean isFinal() {
            return this == CANCELLED || this == DONE;
        }
    }
}
