package dev.reseat.api.rest;

import dev.reseat.runtime.Service.Drained;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The requests that are being served: bounded together, by address and by user, and waited for when the server stops.
 * Open routes, such as the health check and version documents, have slots of their own: they are answered when all
 * others are taken.
 */
final class Running {
    private static final int OPEN = 64;

    private final RequestLimits limits;
    private final Semaphore slots;
    private final Semaphore openSlots = new Semaphore(OPEN);
    private final Map<String, Integer> callers = new ConcurrentHashMap<>();
    private volatile boolean draining;

    Running(RequestLimits limits) {
        this.limits = limits;
        this.slots = new Semaphore(limits.requests());
    }

    /**
     * Lets a request in.
     *
     * @param open whether it is for a route that nobody has to authenticate for
     * @throws HttpFault 503 if no more can be served, or none any more; 429 if only its address has too many
     */
    Slot enter(Context http, boolean open) {
        Semaphore pool = open ? openSlots : slots;
        if (draining || !pool.tryAcquire()) {
            http.header("Connection", "close");
            throw new HttpFault(503, draining ? "This server is being stopped." : "Too many requests at once.");
        }
        try {
            Slot caller = open ? () -> {} : count("address " + http.ip(), limits.requestsPerAddress(), http);
            return () -> {
                caller.close();
                pool.release();
            };
        } catch (HttpFault tooMany) {
            pool.release();
            throw tooMany;
        }
    }

    /** @throws HttpFault 429 if the user has too many requests in flight */
    Slot enterAs(String user, Context http) {
        return count("user " + user, limits.requestsPerUser(), http);
    }

    /** Lets nobody in any more and waits for those inside. */
    Drained drain(Duration grace) {
        draining = true;
        long end = System.nanoTime() + grace.toNanos();
        try {
            boolean left = slots.tryAcquire(limits.requests(), grace.toNanos(), TimeUnit.NANOSECONDS)
                    && openSlots.tryAcquire(OPEN, Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return left ? Drained.CLEAN : Drained.FORCED;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    private Slot count(String caller, int limit, Context http) {
        if (callers.merge(caller, 1, Integer::sum) > limit) {
            leave(caller);
            http.header("Retry-After", "1");
            http.header("Connection", "close");
            throw new HttpFault(429, "Too many requests of one caller at once.");
        }
        return () -> leave(caller);
    }

    private void leave(String caller) {
        callers.computeIfPresent(caller, (_, inside) -> inside == 1 ? null : inside - 1);
    }

    /** Held while a request is inside. */
    @FunctionalInterface
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }
}
