package dev.reseat.rpc.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** One timer for all waiting callers of a client, which runs only while there are some. Thread-safe. */
final class Reminders {
    private static final Executor NEXT_TICK = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final BooleanSupplier remind;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param remind reminds all that wait; must not block; says whether anybody did */
    Reminders(BooleanSupplier remind) {
        this.remind = remind;
    }

    /** Somebody waits: from now on it is reminded every now and then. */
    void begin() {
        if (!running.get() && running.compareAndSet(false, true))
            NEXT_TICK.execute(this::tick);
    }

    private void tick() {
        if (remind.getAsBoolean()) {
            NEXT_TICK.execute(this::tick);
            return;
        }
        running.set(false);
        if (remind.getAsBoolean()) // somebody came in between, and took it for running
            begin();
    }
}
