package dev.reseat.volume.service;

/** Why a request failed, in the cases that Cinder's callers tell apart. Messages carry no secrets. */
public abstract sealed class VolumeException extends RuntimeException {
    private VolumeException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The volume cannot be treated this way; nothing was done. */
    public static final class InvalidVolume extends VolumeException {
        public InvalidVolume(String reason) {
            super(reason, null);
        }
    }

    /** The request lacks something or contradicts itself; nothing was done. */
    public static final class InvalidInput extends VolumeException {
        public InvalidInput(String reason) {
            super(reason, null);
        }
    }

    /** A read-only volume was to be attached for writing; nothing was done. */
    public static final class InvalidAttachMode extends VolumeException {
        private final String mode;
        private final String volumeId;

        public InvalidAttachMode(String mode, String volumeId) {
            super("Invalid attaching mode '" + mode + "' for volume " + volumeId + ".", null);
            this.mode = mode;
            this.volumeId = volumeId;
        }

        public String mode() {
            return mode;
        }

        public String volumeId() {
            return volumeId;
        }
    }

    /** The backend cannot be worked with at present; nothing was done. */
    public static final class DriverNotReady extends VolumeException {
        public DriverNotReady(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** Somebody else works on the volume; nothing was done. Repeat later. */
    public static final class Busy extends VolumeException {
        public Busy(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** The backend has not answered in time: it may do its part or not, now or later. Look before repeating. */
    public static final class OutcomeUnknown extends VolumeException {
        public OutcomeUnknown(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** The driver failed; part of the work may be done. */
    public static final class BackendFailed extends VolumeException {
        public BackendFailed(String data, Throwable cause) {
            super(data, cause);
        }
    }

    /** A volume could not be detached, because its export is still there; the state is as it was. */
    public static final class ExportNotRemoved extends VolumeException {
        private final String volumeId;

        public ExportNotRemoved(String volumeId, String reason, Throwable cause) {
            super(reason, cause);
            this.volumeId = volumeId;
        }

        public String volumeId() {
            return volumeId;
        }
    }
}
