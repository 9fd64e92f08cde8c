package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;

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

    /**
     * The deadline came first. From a driver: it began nothing more, what was done before stays. From
     * {@link Backend#run}: the driver was given up, and may do its part or not, now or later; look before repeating.
     */
    public static final class OutOfTime extends DriverException {
        public OutOfTime(String message, Throwable cause) {
            super(message, cause);
        }

        /** For drivers, before each act. @throws OutOfTime if the deadline is over */
        public static void check(Deadline deadline, String act) {
            if (deadline.isOver()) {
                throw new OutOfTime("no time was left to " + act, null);
            }
        }
    }

    /** The connector lacks something; nothing was done. The host has to describe itself better. */
    public static final class ConnectorRejected extends DriverException {
        /** @param missing the keys */
        public ConnectorRejected(String missing) {
            super("Connector doesn't have required information: " + missing, null);
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
