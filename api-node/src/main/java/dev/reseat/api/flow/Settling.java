package dev.reseat.api.flow;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks at the journal again and again, and settles some entries beside each other: one whose peers are slow keeps
 * neither the others nor the next look waiting.
 */
final class Settling implements Service {
    private static final int AT_ONCE = 8;

    private final Supplier<List<UUID>> unsettled;
    private final Consumer<UUID> settle;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Repeating looks;

    /**
     * @param unsettled entries that nobody works on, those that are settled here included
     * @param settle handles what it expects to fail
     */
    Settling(Duration interval, Supplier<List<UUID>> unsettled, Consumer<UUID> settle) {
        this.unsettled = unsettled;
        this.settle = settle;
        this.looks = new Repeating("reconciler", interval, this::look);
    }

    /** Returns when all that there is has been begun. */
    private void look() {
        try {
            for (UUID id : unsettled.get()) {
                places.acquire();
                threads.execute(() -> {
                    try {
                        settle.accept(id);
                    } finally {
                        places.release();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look, instead of many. Returns when all that it has found is settled, or will not be now. */
    void once() {
        try (threads) { // its close waits
            look();
        }
    }

    @Override
    public void start() {
        looks.start();
    }

    @Override
    public Drained drain(Duration grace) {
        Deadline end = Deadline.after(grace);
        try {
            return looks.drain(grace) == Drained.CLEAN
                    && places.tryAcquire(AT_ONCE, end.remaining().toNanos(), TimeUnit.NANOSECONDS)
                            ? Drained.CLEAN
                            : Drained.FORCED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    @Override
    public void stop() {
        looks.stop();
        threads.shutdownNow();
    }
}
