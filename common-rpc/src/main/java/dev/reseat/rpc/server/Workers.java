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

    void acquire() throws InterruptedException {
        slots.acquire();
    }

    void release() {
        slots.release();
    }

    /** Runs the work in the slot that the caller has acquired, and gives the slot back. */
    void run(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } finally {
                slots.release();
            }
        });
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
