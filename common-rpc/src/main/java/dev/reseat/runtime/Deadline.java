package dev.reseat.runtime;

import java.time.Duration;

/** A point in time by which work has to be done: made once at the top, handed down. Monotonic clock. */
public record Deadline(long nanoTime) {
    public static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    public boolean isBefore(Deadline other) {
        return nanoTime - other.nanoTime < 0;
    }

    public boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
