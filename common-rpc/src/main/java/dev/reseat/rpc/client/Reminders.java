package dev.reseat.rpc.client;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * One timer for all waiting callers of a client, which runs only while there are some. Its thread, one for the process,
 * is its own: deadlines must not depend on what others do with the JDK's pools. Thread-safe.
 */
final class Reminders {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final ScheduledExecutorService TIMER = timer();

    private final BooleanSupplier remind;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param remind reminds all that wait; must not block; says whether anybody did */
    Reminders(BooleanSupplier remind) {
        this.remind = remind;
    }

    private static ScheduledExecutorService timer() {
        var timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("rpc-deadlines").factory());
        timer.setKeepAliveTime(10, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    /** Somebody waits: from now on it is reminded every now and then. */
    void begin() {
        if (!running.get() && running.compareAndSet(false, true)) {
            next();
        }
    }

    private void next() {
        var _ = TIMER.schedule(this::tick, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        boolean any = true;
        try {
            any = remind.getAsBoolean();
        } finally {
            if (any) { // also if it failed: without the next tick callers would wait for ever
                next();
            }
        }
        if (any) {
            return;
        }
        running.set(false);
        if (remind.getAsBoolean()) { // somebody came in between, and took it for running
            begin();
        }
    }
}
