package dev.reseat.volume.driver;

/** Why a driver could not do its part, sorted by what the caller can do. Messages carry no secrets. */
public abstract sealed class DriverException extends RuntimeException {
    private DriverException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The backend cannot be worked with at present; nothing was done. The next call tries again. */
    public static final class NotReady extends DriverException {
        public NotReady(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The connector lacks something; nothing was done. The host has to describe itself better. */
    public static final class ConnectorRejected extends DriverException {
        private final String missing;

        public ConnectorRejected(String missing) {
            super("Connector doesn't have required information: " + missing, null);
            this.missing = missing;
        }

        /** The keys that are missing. */
        public String missing() {
            return missing;
        }
    }

    /** The backend does not have the volume; nothing was done, and repeating will not help. */
    public static final class VolumeMissing extends DriverException {
        public VolumeMissing(String message) {
            super(message, null);
        }
    }

    /** The backend failed; part of the work may be done. Repeating is safe once the cause is gone. */
    public static final class BackendFailed extends DriverException {
        public BackendFailed(String message) {
            super(message, null);
        }

        public BackendFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
