package dev.reseat.api.rest;

import dev.reseat.runtime.Service.Drained;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The requests that are being served here or behind us: bounded together, by address and by user, and waited for when
 * the server stops. Open routes, such as the health check and version documents, have slots of their own: they are
 * answered when all others are taken.
 */
public final class Running {
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
     * @param header takes headers of the answer, name and value, where there is no way in
     * @throws HttpFault 503 if no more can be served, or none any more; 429 if only its address has too many
     */
    public Slot enter(String address, boolean open, BiConsumer<String, String> header) {
        Semaphore pool = open ? openSlots : slots;
        if (draining || !pool.tryAcquire()) {
            header.accept("Connection", "close");
            throw new HttpFault(503, draining ? "This server is being stopped." : "Too many requests at once.");
        }
        try {
            Slot caller = open ? () -> {} : count("address " + address, limits.requestsPerAddress(), header);
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
    Slot enterAs(String user, BiConsumer<String, String> header) {
        return count("user " + user, limits.requestsPerUser(), header);
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

    private Slot count(String caller, int limit, BiConsumer<String, String> header) {
        if (callers.merge(caller, 1, Integer::sum) > limit) {
            leave(caller);
            header.accept("Retry-After", "1");
            header.accept("Connection", "close");
            throw new HttpFault(429, "Too many requests of one caller at once.");
        }
        return () -> leave(caller);
    }

    private void leave(String caller) {
        callers.computeIfPresent(caller, (_, inside) -> inside == 1 ? null : inside - 1);
    }

    /** Held while a request is inside. */
    @FunctionalInterface
    public interface Slot extends AutoCloseable {
        @Override
        void close();
    }
}
