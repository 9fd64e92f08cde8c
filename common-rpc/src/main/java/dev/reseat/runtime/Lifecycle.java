package dev.reseat.runtime;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One start and one end of services: they start in the order of a list, and drain within a grace period and stop as a
 * {@link ServiceGroup} does.
 *
 * <p>Safe for use by several threads: a {@link #close} during {@link #start} waits for it.
 */
public final class Lifecycle implements AutoCloseable {
    private final ServiceGroup services;
    private final Duration grace;
    // held while services start and stop; guards the field below
    private final ReentrantLock moving = new ReentrantLock();
    private State state = State.NEW;

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    public Lifecycle(List<Service> services, Duration grace) {
        this.services = new ServiceGroup(services);
        this.grace = requireNonNull(grace, "grace is null");
    }

    /**
     * Returns when all services have started. If one fails, that one and those before it are stopped and its failure
     * is thrown, with failures to stop as suppressed ones.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        moving.lock();
        try {
            if (state != State.NEW) {
                throw new IllegalStateException("cannot start: already " + state);
            }
            state = State.STARTED;
            startAll();
        } finally {
            moving.unlock();
        }
    }

    private void startAll() {
        try {
            services.start();
        } catch (RuntimeException failure) {
            state = State.CLOSED;
            services.stopAfter(failure);
            throw failure;
        }
    }

    /**
     * Drains and stops whatever was started. Repeatable; a second call waits for the first and does nothing. A failing
     * service does not keep the others from stopping; the first failure is thrown at the end, later ones suppressed.
     */
    @Override
    public void close() {
        moving.lock();
        try {
            State before = state;
            state = State.CLOSED;
            if (before == State.STARTED) {
                services.drainAndStop(grace);
            }
        } finally {
            moving.unlock();
        }
    }
}
