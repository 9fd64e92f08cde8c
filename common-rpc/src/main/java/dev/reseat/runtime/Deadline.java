package dev.reseat.runtime;

import java.time.Duration;

/** A point in time by which work has to be done: made once at the top, handed down. Monotonic clock. */
public record Deadline(long nanoTime) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** That time from now; a longer one than anybody waits is cut. */
    public static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + (time.compareTo(LONGEST) < 0 ? time : LONGEST).toNanos());
    }

    /** Of work that nobody waits for: it does not end by time. */
    public static Deadline never() {
        return after(LONGEST);
    }

    /** This one, or that time from now if it is earlier: an inner deadline is never longer than the outer one. */
    public Deadline within(Duration limit) {
        Deadline inner = after(limit);
        return inner.isBefore(this) ? inner : this;
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
