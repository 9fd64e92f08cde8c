package dev.reseat.compute.service;

import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** One lock per volume: what is done to a volume on this host is done by one thread at a time. */
public final class VolumeLocks {
    // guarded by itself; an entry lives as long as somebody holds or wants its lock
    private final Map<String, Entry> entries = new HashMap<>();

    @Inject
    public VolumeLocks() {}

    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int wanted;
    }

    /** Returns when the volume is this thread's; until the result is closed, by the same thread. */
    public Held lock(String volumeId) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(volumeId, _ -> new Entry());
            entry.wanted++;
        }
        entry.lock.lock();
        return () -> release(volumeId, entry);
    }

    private void release(String volumeId, Entry entry) {
        entry.lock.unlock();
        synchronized (entries) {
            if (--entry.wanted == 0)
                entries.remove(volumeId);
        }
    }

    /** A lock that is held. */
    @FunctionalInterface
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
