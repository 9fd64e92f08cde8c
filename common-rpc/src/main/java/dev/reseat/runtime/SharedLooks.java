package dev.reseat.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One look at a thing, however many ask. Who asks while it is looked at shares the next look, which begins after the
 * question, so nobody is told what was true before. Different things are looked at side by side. Thread-safe.
 *
 * @param <V> what is seen
 */
public final class SharedLooks<V> {
    /** The questions of a job or a sweep come one after another: so long a look waits for those that belong to it. */
    private static final Duration GATHERING = Duration.ofMillis(50);

    private final Semaphore atOnce;
    private final Function<String, V> silence;
    private final KeyedLocks turns = new KeyedLocks();
    /** Looks that have not begun. */
    private final Map<String, CompletableFuture<V>> next = new ConcurrentHashMap<>();

    /**
     * @param most looks side by side
     * @param silence the answer where there is none, from the reason for that
     */
    public SharedLooks(int most, Function<String, V> silence) {
        this.atOnce = new Semaphore(most, true);
        this.silence = silence;
    }

    /** @param look what there is now; does not fail */
    public V look(String what, Deadline deadline, Supplier<V> look) {
        CompletableFuture<V> own = new CompletableFuture<>();
        CompletableFuture<V> shared = next.putIfAbsent(what, own);
        return shared == null
                ? lead(what, own, deadline, look)
                : await(shared, deadline).orElseGet(() -> silence.apply(what + " was not looked at in time"));
    }

    /** Empty if it does not come by the deadline, or if we are interrupted. */
    public static <V> Optional<V> await(CompletableFuture<V> shared, Deadline deadline) {
        try {
            return Optional.of(shared.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nobody completes it so
        }
    }

    private V lead(String what, CompletableFuture<V> own, Deadline deadline, Supplier<V> look) {
        Deadline gathered = deadline.within(GATHERING);
        try (KeyedLocks.Held _ = turns.hold(what, "a look", deadline)) {
            Thread.sleep(gathered.remaining());
            return inTurn(what, own, deadline, look);
        } catch (KeyedLocks.TimedOut e) {
            return silence.apply(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return silence.apply("interrupted before " + what + " was looked at");
        } finally {
            next.remove(what, own);
            own.complete(silence.apply("the look at " + what + " was not finished")); // if it was not
        }
    }

    private V inTurn(String what, CompletableFuture<V> own, Deadline deadline, Supplier<V> look)
            throws InterruptedException {
        if (!atOnce.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            return silence.apply(what + " was not looked at in time: others hang");
        }
        try {
            next.remove(what, own); // who asks from now on is answered by the look after this one
            V view = look.get();
            own.complete(view);
            return view;
        } finally {
            atOnce.release();
        }
    }
}
