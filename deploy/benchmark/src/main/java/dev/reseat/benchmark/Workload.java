package dev.reseat.benchmark;

import java.util.Locale;

/**
 * One thing to measure.
 *
 * @param size of the argument, in bytes
 * @param inFlight how many callers wait at once
 */
record Workload(Kind kind, int size, int inFlight) {
    enum Kind {
        CALL,
        CAST,
        FANOUT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
