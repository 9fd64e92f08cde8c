package dev.reseat.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock per key, a volume's id for instance: who changes something waits for who changes it already, in the order of
 * arrival. Holds within this process. Keys that nobody holds or waits for take no room. Thread-safe.
 */
public final class KeyedLocks {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** A lock and how many hold it or wait for it; the last one takes the entry away. */
    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users; // changed within the map's atomic operations only
    }

    /** The lock, held until closed. Closed by the thread that has it. */
    @FunctionalInterface
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Returns when nobody else holds the key's lock.
     *
     * @throws IllegalStateException if the thread is interrupted while it waits; its flag is set again
     */
    public Held hold(String key) {
        Entry entry = entries.compute(key, (_, known) -> {
            Entry used = known == null ? new Entry() : known;
            used.users++;
            return used;
        });
        try {
            entry.lock.lockInterruptibly();
        } catch (InterruptedException e) {
            leave(key);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the lock of " + key, e);
        }
        return () -> {
            entry.lock.unlock();
            leave(key);
        };
    }

    /** How many keys are locked or waited for. */
    int size() {
        return entries.size();
    }

    private void leave(String key) {
        entries.computeIfPresent(key, (_, entry) -> --entry.users == 0 ? null : entry);
    }
}
