package dev.reseat.runtime;

import java.time.Duration;

/**
 * A part of a process that is started and stopped. States only move forward: a stopped service is not started again.
 */
public interface Service {
    /** Returns when the service works. If it throws, {@link #stop} still has to be possible. */
    void start();

    /** Takes no new work; returns when running work is done or the grace period is over. */
    default Drained drain(Duration grace) {
        return Drained.CLEAN;
    }

    /** Releases everything. Repeatable; also after a failed start. */
    void stop();

    /** Whether a drain finished its work or gave up on it. */
    enum Drained {
        CLEAN,
        FORCED
    }
}
