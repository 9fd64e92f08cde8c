package dev.reseat.api.flow;

/** Who waits for a repair. */
public enum Wait {
    /** Somebody does: each step is called, and the answer says what came of the repair. */
    FOR_ANSWER,
    /** Nobody does: a long step is cast, and its worker's report carries the repair on. */
    FOR_REPORT
}
