package dev.reseat.rpc.transport.rabbit;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Messages that wait to be written, the next one first, and the thread that waits for them. Thread-safe. */
final class PublishQueue {
    private final Deque<PendingPublish> waiting = new ConcurrentLinkedDeque<>();
    /** Null while it does not wait here: it may wait for the socket, which it must not be woken from. */
    private volatile Thread writer;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(PendingPublish message) {
        waiting.add(message);
        wake();
    }

    /** Puts messages back that are to go before all others. */
    void addFirst(List<PendingPublish> messages) {
        messages.reversed().forEach(waiting::addFirst);
    }

    /** Returns when there is a message, or no more is wanted. To be called by one thread only. */
    void await(BooleanSupplier wanted) throws InterruptedException {
        writer = Thread.currentThread();
        try {
            while (waiting.isEmpty() && wanted.getAsBoolean()) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            writer = null;
        }
    }

    /** Lets the one that waits look whether more is wanted. */
    void wake() {
        LockSupport.unpark(writer);
    }

    /** @return the next message; null if there is none */
    PendingPublish poll() {
        return waiting.poll();
    }

    /** What waits now. */
    List<PendingPublish> all() {
        return List.copyOf(waiting);
    }

    /** Takes all that waits. */
    List<PendingPublish> drain() {
        List<PendingPublish> drained = new ArrayList<>();
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            drained.add(next);
        }
        return drained;
    }
}
