package dev.reseat.api.model;

import java.util.Set;
import java.util.UUID;

/**
 * An instance that a job stops for the sake of its items, and starts again when they are over.
 *
 * @param host where it is
 * @param requestId of its actions in Nova
 * @param asked how often Nova was about to be asked for what the state wants
 * @param sent how often that is known to have been sent
 * @param epoch which taking over this is
 * @param overdue whether it is in its state for longer than that may take
 */
public record InstanceStop(
        UUID job, String instanceId, String host, State state, String requestId, int asked, int sent, long epoch,
        boolean overdue) {
    /** The same, taken over once more. */
    public InstanceStop taken() {
        return new InstanceStop(job, instanceId, host, state, requestId, asked, sent, epoch + 1, overdue);
    }

    /** Where it stands. */
    public enum State {
        /** Nova is to stop it. */
        STOPPING,
        /** Its items are worked on. */
        STOPPED,
        /** Nova is to start it. */
        STARTING,
        /** It runs again. */
        STARTED,
        /** Nova has not stopped it: it runs, as before. */
        NOT_STOPPED,
        /** It is stopped still, and somebody must see to it. */
        LEFT_STOPPED,
        /** Somebody else has done something with it meanwhile. */
        LEFT_ALONE;

        /** In which something is owed to it. */
        public static final Set<State> OPEN = Set.of(STOPPING, STOPPED, STARTING);
    }
}
