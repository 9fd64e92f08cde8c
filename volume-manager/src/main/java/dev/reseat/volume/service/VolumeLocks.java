package dev.reseat.volume.service;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock per volume: what changes a volume waits for what changes it already, in the order of arrival. Holds within
 * this process, so a backend must have one volume-manager only, as in Cinder unless it is configured as a cluster.
 * Thread-safe.
 */
public final class VolumeLocks {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** A lock and how many hold it or wait for it; the last one takes the entry away. */
    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users; // changed within the map's atomic operations only
    }

    /** The lock, held until closed. Closed by the thread that has it. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns when nobody else holds the volume's lock. */
    public Held hold(String volumeId) {
        Entry entry = entries.compute(volumeId, (_, known) -> {
            Entry used = known == null ? new Entry() : known;
            used.users++;
            return used;
        });
        try {
            entry.lock.lockInterruptibly();
        } catch (InterruptedException e) {
            leave(volumeId);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the lock of volume " + volumeId, e);
        }
        return () -> {
            entry.lock.unlock();
            leave(volumeId);
        };
    }

    /** How many volumes are locked or waited for. */
    int size() {
        return entries.size();
    }

    private void leave(String volumeId) {
        entries.computeIfPresent(volumeId, (_, entry) -> --entry.users == 0 ? null : entry);
    }
}
