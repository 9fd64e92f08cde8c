package dev.reseat.monitor;

import static java.util.Objects.requireNonNull;

/**
 * How something is.
 *
 * @param detail for the operator who asks why; anybody who reaches the port may read it, so no secrets
 */
public record Health(Status status, String detail) {
    public Health {
        requireNonNull(status, "status is null");
        requireNonNull(detail, "detail is null");
    }

    /** How a process or a part of it can be. */
    public enum Status {
        UP,
        /** It works, but somebody should look. */
        DEGRADED,
        DOWN,
        /** Alive, but it takes no new work. */
        DRAINING
    }

    public static Health up(String detail) {
        return new Health(Status.UP, detail);
    }

    public static Health degraded(String detail) {
        return new Health(Status.DEGRADED, detail);
    }

    public static Health down(String detail) {
        return new Health(Status.DOWN, detail);
    }
}
