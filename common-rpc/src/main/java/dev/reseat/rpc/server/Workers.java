package dev.reseat.rpc.server;

import dev.reseat.runtime.Service.Drained;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounded virtual threads: a full house blocks the receiving thread, and so the broker. */
final class Workers {
    private final int limit;
    private final Semaphore slots;

    Workers(int limit) {
        this.limit = limit;
        this.slots = new Semaphore(limit);
    }

    int limit() {
        return limit;
    }

    /** How many run. */
    int busy() {
        return limit - slots.availablePermits();
    }

    void acquire() throws InterruptedException {
        slots.acquire();
    }

    boolean tryAcquire() {
        return slots.tryAcquire();
    }

    void release() {
        release(1);
    }

    void release(int count) {
        slots.release(count);
    }

    /** Runs the work in a slot that the caller has acquired, and that the work gives back. */
    void run(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(work);
    }

    /** Returns when nothing runs any more, or the grace period is over. */
    Drained drain(Duration grace) {
        try {
            if (!slots.tryAcquire(limit, grace.toNanos(), TimeUnit.NANOSECONDS)) {
                return Drained.FORCED;
            }
            slots.release(limit);
            return Drained.CLEAN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }
}
