package dev.reseat.rpc.server;

import dev.reseat.runtime.Service.Drained;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bounded virtual threads: a full house blocks the receiving thread, and so the broker. */
final class Workers {
    private final int limit;
    private final Semaphore slots;
    private volatile boolean ended;

    Workers(int limit) {
        this.limit = limit;
        this.slots = new Semaphore(limit);
    }

    int limit() {
        return limit;
    }

    /** How many run. */
    int busy() {
        return limit + (ended ? 1 : 0) - slots.availablePermits();
    }

    /** Waits for a slot. @return false if no more work is taken */
    boolean acquire() throws InterruptedException {
        if (ended) {
            return false;
        }
        slots.acquire();
        return admitted();
    }

    /** @return false if none is free, or no more work is taken */
    boolean tryAcquire() {
        return slots.tryAcquire() && admitted();
    }

    private boolean admitted() {
        if (!ended) {
            return true;
        }
        slots.release();
        return false;
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

    /** Takes no more work: whoever waits for a slot waits no longer. Repeatable. */
    synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        slots.release(); // one more than there are: it wakes whoever waits, who passes it on
    }

    /** Returns when nothing runs any more, or the grace period is over. To be called after {@link #end}. */
    Drained drain(Duration grace) {
        try {
            if (!slots.tryAcquire(limit + 1, grace.toNanos(), TimeUnit.NANOSECONDS)) {
                return Drained.FORCED;
            }
            slots.release(limit + 1);
            return Drained.CLEAN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }
}
