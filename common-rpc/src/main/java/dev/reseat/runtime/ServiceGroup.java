package dev.reseat.runtime;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Services that are one: started in the order of a list, drained and stopped in the reverse order. All drain before the
 * first one stops, so a service may use those before it in the list until its own drain is over. A failing one keeps
 * none of the others from being drained or stopped; the first failure is thrown at the end, with later ones suppressed.
 *
 * <p>Used by one thread at a time.
 */
public final class ServiceGroup implements Service {
    private static final System.Logger LOG = System.getLogger(ServiceGroup.class.getName());

    private final List<Service> services;
    private final Deque<Service> started = new ArrayDeque<>(); // the last one first

    public ServiceGroup(List<Service> services) {
        this.services = List.copyOf(services);
    }

    /** Returns when all have started. If one fails, those after it are not started, and {@link #stop} is to follow. */
    @Override
    public void start() {
        services.forEach(this::start);
    }

    /** Starts one more, which drains and stops before all that were started before it. */
    public void start(Service service) {
        started.push(service);
        service.start();
    }

    /** One grace period covers all of them together. */
    @Override
    public Drained drain(Duration grace) {
        Deadline deadline = Deadline.after(grace);
        var all = new AtomicReference<>(Drained.CLEAN);
        forAllStarted(service -> {
            if (drain(service, deadline.remaining()) == Drained.FORCED) {
                all.set(Drained.FORCED);
            }
        });
        return all.get();
    }

    private static Drained drain(Service service, Duration grace) {
        Drained drained = service.drain(grace);
        Level level = drained == Drained.CLEAN ? Level.DEBUG : Level.WARNING;
        LOG.log(level, "{0} drained: {1}", service.getClass().getName(), drained);
        return drained;
    }

    @Override
    public void stop() {
        forAllStarted(Service::stop);
    }

    /** {@linkplain #drain Drains}, then {@linkplain #stop stops}, whatever fails. */
    public void drainAndStop(Duration grace) {
        try {
            drain(grace);
        } catch (RuntimeException failure) {
            stopAfter(failure);
            throw failure;
        }
        stop();
    }

    /** Stops; what fails is added to the failure that there was before. */
    void stopAfter(RuntimeException failure) {
        try {
            stop();
        } catch (RuntimeException another) {
            failure.addSuppressed(another);
        }
    }

    private void forAllStarted(Consumer<Service> step) {
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
        if (first != null) {
            throw first;
        }
    }
}
