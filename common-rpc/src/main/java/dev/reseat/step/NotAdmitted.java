package dev.reseat.step;

/** A step that was cast is not to be done: it is not wanted any more, or nobody has said that it still is. */
public abstract sealed class NotAdmitted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotAdmitted(String message, Throwable cause) {
        super(message, cause);
    }

    /** It is not open any more in its epoch; nobody waits for a report. */
    static final class Refused extends NotAdmitted {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null);
        }
    }

    /** Nobody could be asked, or its time was over. */
    static final class Unanswered extends NotAdmitted {
        private static final long serialVersionUID = 1L;

        Unanswered(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
