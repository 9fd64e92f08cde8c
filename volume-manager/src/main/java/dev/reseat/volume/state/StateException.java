package dev.reseat.volume.state;

/** Why the state service was of no help. What it answered itself is passed on as it came, and is none of these. */
public abstract sealed class StateException extends RuntimeException {
    private StateException(String message, Throwable cause) {
        super(message, cause);
    }

    /** It could not be asked: the state is as it was. */
    public static final class Unavailable extends StateException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** It was told of a change and did not answer: the change may be committed, now or later. */
    public static final class CommitUnknown extends StateException {
        public CommitUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
