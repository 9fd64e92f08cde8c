package dev.reseat.rpc.envelope;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Remembers the unique ids of the last messages of one server: a publisher that lost its connection before the confirm
 * sends again, and a broker that lost an acknowledgement delivers again. Upstream remembers 16; here a stream of calls
 * may pass while a connection comes back. About 2 MB when full. Thread-safe.
 */
public final class DuplicateFilter {
    private static final int WINDOW = 16 * 1024;

    private final Set<String> seen = new LinkedHashSet<>(); // guarded by this; oldest first

    /** Remembers the id. @return whether it was new */
    public synchronized boolean admit(String uniqueId) {
        if (!seen.add(uniqueId)) {
            return false;
        }
        if (seen.size() > WINDOW) {
            seen.remove(seen.iterator().next());
        }
        return true;
    }

    /** Takes the id back: its message was not dealt with and will come again. */
    public synchronized void forget(String uniqueId) {
        seen.remove(uniqueId);
    }
}
