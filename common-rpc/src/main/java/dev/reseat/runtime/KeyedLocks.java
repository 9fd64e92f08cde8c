package dev.reseat.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One lock per key, a volume's id for instance: who changes something waits for who changes it already, in the order of
 * arrival and by a deadline. Holds within this process; not reentrant. Keys that nobody holds or waits for take no
 * room. Thread-safe.
 */
public final class KeyedLocks {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** A lock and how many hold it or wait for it; the last one takes the entry away. */
    private static final class Entry {
        private final Semaphore lock = new Semaphore(1, true);
        private int users; // changed within the map's atomic operations only
        private volatile Optional<Holder> holder = Optional.empty();
    }

    /** Who has a lock, for the one who waits in vain. */
    private record Holder(String work, Instant since) {
        @Override
        public String toString() {
            return "held by " + work + " since " + since;
        }
    }

    /** The lock, held until closed, by whichever thread, for work that is to be done by the deadline. */
    public static final class Held implements AutoCloseable {
        private final Deadline deadline;
        private final AtomicInteger shares;
        private final Runnable release;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Held(Deadline deadline, AtomicInteger shares, Runnable release) {
            this.deadline = deadline;
            this.shares = shares;
            this.release = release;
        }

        /** The one it was waited for by: of the work as a whole. */
        public Deadline deadline() {
            return deadline;
        }

        /**
         * A second hold on the same lock, which is free when both are closed. For work that may outlive who began it.
         *
         * @throws IllegalStateException if the lock is not held any more
         */
        public Held share() {
            if (shares.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
                throw new IllegalStateException("the lock is not held any more");
            }
            return new Held(deadline, shares, release);
        }

        @Override
        public void close() {
            if (!closed.getAndSet(true) && shares.decrementAndGet() == 0) {
                release.run();
            }
        }
    }

    /** Somebody else had the lock until the deadline. Nothing was begun. */
    public static final class TimedOut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TimedOut(String message) {
            super(message);
        }
    }

    /**
     * Returns when nobody else holds the key's lock.
     *
     * @param work what it is for: told to those who wait for it in vain
     * @throws TimedOut if that does not come by the deadline; says who holds it since when
     * @throws IllegalStateException if the thread is interrupted while it waits; its flag is set again
     */
    public Held hold(String key, String work, Deadline deadline) {
        Duration patience = deadline.remaining();
        Entry entry = entries.compute(key, (_, known) -> {
            Entry used = known == null ? new Entry() : known;
            used.users++;
            return used;
        });
        try {
            if (!entry.lock.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                String holder = entry.holder.map(Holder::toString).orElse("held by others");
                leave(key);
                throw new TimedOut(key + " is " + holder + "; waited " + patience.toMillis() + " ms for it");
            }
        } catch (InterruptedException e) {
            leave(key);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the lock of " + key, e);
        }
        entry.holder = Optional.of(new Holder(work, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        return new Held(deadline, new AtomicInteger(1), () -> {
            entry.holder = Optional.empty();
            entry.lock.release();
            leave(key);
        });
    }

    /** How many keys are locked or waited for. */
    int size() {
        return entries.size();
    }

    private void leave(String key) {
        entries.computeIfPresent(key, (_, entry) -> --entry.users == 0 ? null : entry);
    }
}
