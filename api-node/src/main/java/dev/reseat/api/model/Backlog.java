package dev.reseat.api.model;

import java.time.Duration;

/**
 * What waits to be done.
 *
 * @param count how much of it
 * @param age for how long the oldest has been waiting; zero if nothing waits
 */
public record Backlog(int count, Duration age) {
    public Backlog {
        if (count < 0 || age.isNegative()) {
            throw new IllegalArgumentException("nothing waits backwards: " + count + ", " + age);
        }
    }
}
