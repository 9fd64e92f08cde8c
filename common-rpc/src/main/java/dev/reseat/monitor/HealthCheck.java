package dev.reseat.monitor;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/**
 * Looks after one thing that a process cannot work without.
 *
 * @param name one word, unique in the process
 * @param probe looks and says how it is. It may block, and is given up when it takes too long; it is not run again
 *     while it still runs. What it throws counts as down.
 */
public record HealthCheck(String name, Supplier<Health> probe) {
    public HealthCheck {
        requireNonNull(probe, "probe is null");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a health check needs a name");
        }
    }
}
