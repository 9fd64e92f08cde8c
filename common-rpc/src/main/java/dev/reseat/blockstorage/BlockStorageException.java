package dev.reseat.blockstorage;

/** Why block storage did not do what it was asked, sorted by what the caller may conclude. */
public abstract sealed class BlockStorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BlockStorageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** It was not reached: nothing was done. */
    public static final class Unreachable extends BlockStorageException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** It was asked and has not answered: it may have been done. Which may be repeated, the client says. */
    public static final class OutcomeUnknown extends BlockStorageException {
        private static final long serialVersionUID = 1L;

        public OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** It knows no such volume. */
    public static final class NotFound extends BlockStorageException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message, null);
        }
    }

    /** It answered with an error. */
    public static final class Refused extends BlockStorageException {
        private static final long serialVersionUID = 1L;

        private final int status;

        /** @param message what the answer says, in its words */
        public Refused(int status, String message) {
            super(message + " (HTTP " + status + ")", null);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    /** No token was given to us, or the answer is not the API's: the configuration is wrong. */
    public static final class Misconfigured extends BlockStorageException {
        private static final long serialVersionUID = 1L;

        public Misconfigured(String message) {
            super(message, null);
        }
    }
}
