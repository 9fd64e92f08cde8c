package dev.reseat.compute.connector;

/** Why a connection was not made or not taken down, sorted by what can be done about it. Messages hold no secrets. */
public abstract sealed class ConnectorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ConnectorException(String message, Throwable cause) {
        super(message, cause);
    }

    /** No connector here speaks the protocol. Nothing was changed, and repeating does not help. */
    public static final class NotSupported extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public NotSupported(String driverVolumeType) {
            super("Could not find a handler for " + driverVolumeType + " volume.", null); // Nova's words
        }
    }

    /** The connection_info cannot be understood. Nothing was changed. */
    public static final class Unreadable extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            super(message, null);
        }
    }

    /** The connection leads to what this agent may not touch. Nothing was changed, and repeating does not help. */
    public static final class Refused extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message, null);
        }
    }

    /** Somebody uses the device. Nothing was forced: repeat when the user is gone. */
    public static final class Busy extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public Busy(String message) {
            super(message, null);
        }
    }

    /** The host has not come back with it by the deadline: it may do it or not, now or later. Look before repeating. */
    public static final class OutOfTime extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public OutOfTime(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The host did not do it; it may be half done. Repeat when the cause is mended. */
    public static final class Failed extends ConnectorException {
        private static final long serialVersionUID = 1L;

        public Failed(String message) {
            super(message, null);
        }

        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
