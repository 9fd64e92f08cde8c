package dev.reseat.rpc.client;

import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * What has happened to one call, for the caller that waits for it. A virtual thread that parks for a limited time costs
 * a timer and the waking of a thread, which is more than the rest of a call: so a long wait is without limit until
 * {@link Reminders} says that its time is nearly over.
 *
 * @param <E> what can happen
 */
final class Inbox<E> {
    /** From then on the wait is limited. Several ticks of the reminders, since these can be late. */
    private static final Duration NEARLY_OVER = Duration.ofMillis(500);

    private final Thread caller = Thread.currentThread();
    private final Queue<E> events = new ConcurrentLinkedQueue<>();
    private final Reminders reminders;
    private volatile Deadline until;

    /** An inbox of the calling thread: no other may wait. */
    Inbox(Reminders reminders, Deadline until) {
        this.reminders = reminders;
        this.until = until;
    }

    /** Called by any thread. */
    void add(E event) {
        events.add(event);
        LockSupport.unpark(caller);
    }

    /** The oldest event that was not asked for yet. */
    Optional<E> poll() {
        return Optional.ofNullable(events.poll());
    }

    /** Waits for the next event. @return empty if there is none until the deadline */
    Optional<E> await(Deadline deadline) throws InterruptedException {
        until = deadline;
        while (true) {
            Optional<E> next = poll();
            if (next.isPresent() || deadline.isOver()) {
                return next;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (isNearlyOver()) {
                LockSupport.parkNanos(this, deadline.remaining().toNanos());
            } else {
                reminders.begin();
                LockSupport.park(this);
            }
        }
    }

    /** Lets a caller whose time is nearly over go on waiting with a limit. Called by any thread. */
    void remind() {
        if (isNearlyOver()) {
            LockSupport.unpark(caller);
        }
    }

    private boolean isNearlyOver() {
        return until.remaining().compareTo(NEARLY_OVER) <= 0;
    }
}
