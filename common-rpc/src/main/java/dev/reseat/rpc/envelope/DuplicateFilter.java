package dev.reseat.rpc.envelope;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Remembers the unique ids of the last messages of one listener: a publisher that lost its connection before the confirm
 * sends again. Window of 16, as {@code _MsgIdCache} upstream. Thread-safe.
 */
public final class DuplicateFilter {
    private static final int WINDOW = 16;

    private final Deque<String> seen = new ArrayDeque<>(WINDOW); // guarded by this

    /** Remembers the id. @return whether it was new */
    public synchronized boolean admit(String uniqueId) {
        if (seen.contains(uniqueId)) {
            return false;
        }
        if (seen.size() == WINDOW) {
            seen.removeFirst();
        }
        seen.addLast(uniqueId);
        return true;
    }
}
