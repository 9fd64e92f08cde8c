package dev.reseat.compute.host;

/** Something of this host is there and cannot be read, so nobody can say how the host presents itself. */
public final class HostUnreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HostUnreadable(String message) {
        super(message);
    }

    HostUnreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
