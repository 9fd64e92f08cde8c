package dev.reseat.runtime;

import static java.util.Objects.requireNonNull;

import dev.reseat.runtime.Service.Drained;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Starts services in the order of a list, drains and stops them in the reverse order. All drain before the first one
 * stops, so a service may use those before it in the list until its own drain is over, and what is listed first can
 * tell how the others are doing. One grace period covers all drains together.
 *
 * <p>Safe for use by several threads: a {@link #close} during {@link #start} waits for it.
 */
public final class Lifecycle implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Lifecycle.class.getName());

    private final List<Service> services;
    private final Duration grace;
    // held while services start and stop; guards the two fields below
    private final ReentrantLock moving = new ReentrantLock();
    private final List<Service> started = new ArrayList<>();
    private State state = State.NEW;

    private enum State {
        NEW,
        STARTED,
        CLOSED
    }

    public Lifecycle(List<Service> services, Duration grace) {
        this.services = List.copyOf(services);
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
            for (Service service : services) {
                started.addFirst(service);
                service.start();
            }
        } catch (RuntimeException failure) {
            stopAll().ifPresent(failure::addSuppressed);
            throw failure;
        } finally {
            moving.unlock();
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
            Optional<RuntimeException> failure = state == State.STARTED ? drainAndStopAll() : Optional.empty();
            state = State.CLOSED;
            if (failure.isPresent()) {
                throw failure.get();
            }
        } finally {
            moving.unlock();
        }
    }

    private Optional<RuntimeException> drainAndStopAll() {
        Deadline deadline = Deadline.after(grace);
        Optional<RuntimeException> drain = forAll(service -> drain(service, deadline.remaining()));
        Optional<RuntimeException> stop = stopAll();
        drain.ifPresent(first -> stop.ifPresent(first::addSuppressed));
        return drain.or(() -> stop);
    }

    private Optional<RuntimeException> stopAll() {
        state = State.CLOSED;
        return forAll(Service::stop);
    }

    private static void drain(Service service, Duration grace) {
        Drained drained = service.drain(grace);
        Level level = drained == Drained.CLEAN ? Level.DEBUG : Level.WARNING;
        LOG.log(level, "{0} drained: {1}", service.getClass().getName(), drained);
    }

    private Optional<RuntimeException> forAll(Consumer<Service> step) {
        RuntimeException first = null;
        for (Service service : started) {
            try {
                step.accept(service);
            } catch (RuntimeException failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        return Optional.ofNullable(first);
    }
}
