package dev.reseat.api.rest;

import dev.reseat.runtime.Service.Drained;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The requests that are being served: bounded, and waited for when the server stops. */
final class Running {
    private static final int LIMIT = 2048;

    private final Semaphore slots = new Semaphore(LIMIT);
    private volatile boolean draining;

    /** @throws HttpFault 503 if no more can be served, or none any more */
    void enter(Context http) {
        if (draining || !slots.tryAcquire()) {
            http.header("Connection", "close");
            throw new HttpFault(503, draining ? "This server is being stopped." : "Too many requests at once.");
        }
    }

    void leave() {
        slots.release();
    }

    /** Lets nobody in any more and waits for those inside. */
    Drained drain(Duration grace) {
        draining = true;
        try {
            return slots.tryAcquire(LIMIT, grace.toNanos(), TimeUnit.NANOSECONDS) ? Drained.CLEAN : Drained.FORCED;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }
}
