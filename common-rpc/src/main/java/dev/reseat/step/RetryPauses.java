package dev.reseat.step;

import java.time.Duration;

/**
 * How often something is tried, and how long it is waited for before each time: the pauses double.
 *
 * @param first before the second attempt
 * @param longest no pause is longer
 */
public record RetryPauses(int attempts, Duration first, Duration longest) {
    /** About ten minutes altogether: longer than an api-node takes to start again. */
    public static final RetryPauses DEFAULT = new RetryPauses(24, Duration.ofSeconds(1), Duration.ofSeconds(30));

    public RetryPauses {
        if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("attempts and pauses must be positive and grow");
        }
    }

    /** @param attempt from 2 on */
    Duration before(int attempt) {
        Duration pause = first.multipliedBy(1L << Math.min(attempt - 2, 30));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
