package dev.reseat.compute.service;

/** Why a volume's connection was not removed, sorted by how far it came. Messages hold no secrets. */
public abstract sealed class RemovalFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RemovalFailed(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The guest or this host has not let go of the volume. It may be half done on this host; repeat when it is free.
     */
    public static final class NotDetached extends RemovalFailed {
        private static final long serialVersionUID = 1L;

        private final String device;

        public NotDetached(String device, RuntimeException cause) {
            super(cause.getMessage(), cause);
            this.device = device;
        }

        /** The device name in the guest, as Nova has it. */
        public String device() {
            return device;
        }
    }

    /**
     * The host has not come back in time: it may let go of the volume or not, now or later. The journal keeps the
     * removal. Ask again.
     */
    public static final class OutcomeUnknown extends RemovalFailed {
        private static final long serialVersionUID = 1L;

        public OutcomeUnknown(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** No connector of this host speaks the volume's protocol; nothing was changed on the host. */
    public static final class NoConnector extends RemovalFailed {
        private static final long serialVersionUID = 1L;

        public NoConnector(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** This host is done; block storage refused its part. */
    public static final class BlockStorageRefused extends RemovalFailed {
        private static final long serialVersionUID = 1L;

        private final int status;

        public BlockStorageRefused(int status, RuntimeException cause) {
            super(cause.getMessage(), cause);
            this.status = status;
        }

        /** Of its HTTP answer. */
        public int status() {
            return status;
        }
    }

    /** This host is done; block storage has not answered and may have done its part. */
    public static final class BlockStorageSilent extends RemovalFailed {
        private static final long serialVersionUID = 1L;

        public BlockStorageSilent(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
