package dev.reseat.rpc.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reply queues whose callers are gone: the last 200, each for a minute, as upstream. Thread-safe. */
final class ObsoleteQueues {
    private static final int MOST = 200;
    private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<String, Long> forgetAt = new LinkedHashMap<>(); // guarded by this; oldest first

    synchronized void add(String queue) {
        forgetAt.remove(queue);
        forgetAt.put(queue, System.nanoTime() + MEMORY_NANOS);
        if (forgetAt.size() > MOST) {
            forgetAt.remove(forgetAt.keySet().iterator().next());
        }
    }

    synchronized boolean contains(String queue) {
        Long time = forgetAt.get(queue);
        if (time != null && time - System.nanoTime() <= 0) {
            forgetAt.remove(queue);
        }
        return forgetAt.containsKey(queue);
    }
}
