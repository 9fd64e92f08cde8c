package dev.reseat.rpc.transport.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;

/** One queue and its consumers, which take turns. Guarded by the broker's monitor. */
final class MemoryQueue {
    private final SortedMap<Long, MemoryMessage> messages = new TreeMap<>();
    private final Queue<MemoryConsumer> consumers = new ArrayDeque<>();
    private final Optional<Duration> lifetimeUnused;
    private Instant unusedSince;

    MemoryQueue(Optional<Duration> lifetimeUnused, Instant now) {
        this.lifetimeUnused = lifetimeUnused;
        this.unusedSince = now;
    }

    /** Whether a broker would have removed it by now (x-expires). */
    boolean isGone(Instant now) {
        return consumers.isEmpty()
                && lifetimeUnused
                        .filter(time -> !now.isBefore(unusedSince.plus(time)))
                        .isPresent();
    }

    int consumers() {
        return consumers.size();
    }

    void put(MemoryMessage message, Instant now) {
        messages.put(message.sequence(), message);
        distribute(now);
    }

    void attach(MemoryConsumer consumer, Instant now) {
        consumers.add(consumer);
        distribute(now);
    }

    void detach(MemoryConsumer consumer, Instant now) {
        consumers.remove(consumer);
        if (consumers.isEmpty()) {
            unusedSince = now;
        }
    }

    /** Gives messages to consumers in turn, as long as there are some with room; drops the expired ones on the way. */
    void distribute(Instant now) {
        while (!messages.isEmpty()) {
            MemoryMessage head = messages.get(messages.firstKey());
            if (!head.isExpired(now)) {
                Optional<MemoryConsumer> next = nextWithRoom();
                if (next.isEmpty()) {
                    return;
                }
                next.get().accept(head);
            }
            messages.remove(head.sequence());
        }
    }

    private Optional<MemoryConsumer> nextWithRoom() {
        for (int turn = 0; turn < consumers.size(); turn++) {
            MemoryConsumer consumer = consumers.remove();
            consumers.add(consumer);
            if (consumer.hasRoom()) {
                return Optional.of(consumer);
            }
        }
        return Optional.empty();
    }
}
