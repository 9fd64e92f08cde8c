package dev.reseat.rpc.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Hands what has arrived to one receiver, on one virtual thread, or on the thread that brings it: the promise of
 * {@link Transport#listen} that all transports keep the same way. Thread-safe.
 */
public final class Handover {
    private static final Logger LOG = System.getLogger(Handover.class.getName());

    /** Held while the receiver runs. */
    private final ReentrantLock turn = new ReentrantLock();
    /** Offered and not through yet. */
    private final AtomicInteger waiting = new AtomicInteger();
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final Consumer<Arrivals> receiver;
    private final Thread thread;
    private volatile boolean stopped;

    private Handover(String name, Consumer<Arrivals> receiver) {
        this.receiver = receiver;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Starts the thread. */
    public static Handover start(String name, Consumer<Arrivals> receiver) {
        var handover = new Handover(name, receiver);
        handover.thread.start();
        return handover;
    }

    /**
     * Queues deliveries that came together; never blocks. How many may wait is the transport's affair (its prefetch
     * limit).
     */
    public void offer(List<Pending> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        waiting.incrementAndGet();
        steps.add(new Step.Deliver(List.copyOf(deliveries)));
    }

    /**
     * As {@link #offer}, but what the receiver takes without blocking it is given on this thread: that saves waking
     * another one. Called by one thread.
     */
    public void bring(List<Pending> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        if (waiting.get() > 0 || !turn.tryLock()) {
            offer(deliveries);
            return;
        }
        try {
            var arrivals = new Brought(deliveries);
            receive(arrivals);
            offer(arrivals.left());
        } finally {
            turn.unlock();
        }
    }

    /**
     * When this returns, the receiver is not running and will not run again. Deliveries that still waited are left
     * unsettled. Called by the receiver itself, it does not wait for the receiver's end. Repeatable.
     */
    public void stop() {
        stopped = true;
        steps.add(new Step.End());
        if (turn.isHeldByCurrentThread()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the promise outranks the hurry; the flag is set again below
            }
        }
        turn.lock(); // had when the thread that brings is out of it, too
        try {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            turn.unlock();
        }
    }

    private void run() {
        try {
            while (!stopped && steps.take() instanceof Step.Deliver(List<Pending> first)) {
                hand(new Offered(first));
            }
        } catch (InterruptedException e) {
            // only a receiver that interrupts its own thread gets here: it asked for the end
            LOG.log(Level.WARNING, "{0}: receiver was interrupted, listening ends", thread.getName());
        }
    }

    private void hand(Offered arrivals) {
        turn.lock();
        try {
            while (arrivals.isLeft() && !stopped) {
                receive(arrivals);
            }
        } finally {
            waiting.addAndGet(-arrivals.lists());
            turn.unlock();
        }
    }

    private void receive(Brought arrivals) {
        try {
            receiver.accept(arrivals);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, thread.getName() + ": receiver failed, its message is rejected", e);
            arrivals.rejectLast();
        }
    }

    /** A delivery on its way to the receiver. */
    public interface Pending extends Delivery {
        /** Whether it can still be settled: nobody has, and the channel it came on is open. */
        boolean isPending();

        /** What it came on: only what has come on the same is settled together. */
        default Object origin() {
            return Pending.class;
        }

        /** As {@link Arrivals#together}, for all of its origin. */
        default void together(Runnable settling) {
            settling.run();
        }
    }

    private sealed interface Step {
        record Deliver(List<Pending> deliveries) implements Step {}

        record End() implements Step {}
    }

    /** Deliveries that came together, and no others. */
    private class Brought implements Arrivals {
        private final Deque<Pending> left;
        private Pending last;
        private Optional<Object> settling = Optional.empty();

        Brought(List<Pending> deliveries) {
            this.left = new ArrayDeque<>(deliveries);
            this.last = deliveries.getFirst();
        }

        /** Whether some of them have not been taken yet. */
        boolean isLeft() {
            return !left.isEmpty();
        }

        List<Pending> left() {
            return List.copyOf(left);
        }

        /** @return false if there is nothing more */
        boolean refill(Deque<Pending> deliveries) {
            return false;
        }

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public Optional<Delivery> poll() {
            if (next().filter(next -> settling.isEmpty() || settling.get().equals(next.origin())).isEmpty()) {
                return Optional.empty();
            }
            last = left.removeFirst();
            return Optional.of(last);
        }

        @Override
        public void together(Runnable work) {
            Pending first = next().orElse(last);
            settling = Optional.of(first.origin());
            try {
                first.together(work);
            } finally {
                settling = Optional.empty();
            }
        }

        /** Stays the next one until it is taken, unless it cannot be settled any more. */
        private Optional<Pending> next() {
            while (!stopped && (isLeft() || refill(left))) {
                if (left.getFirst().isPending()) {
                    return Optional.of(left.getFirst());
                }
                left.removeFirst();
            }
            return Optional.empty();
        }

        void rejectLast() {
            last.reject();
        }
    }

    /** Deliveries that were waited for, and what else waits when it is asked for. */
    private final class Offered extends Brought {
        private int lists = 1;

        Offered(List<Pending> first) {
            super(first);
        }

        /** How many offers it has used up. */
        int lists() {
            return lists;
        }

        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        boolean refill(Deque<Pending> deliveries) {
            if (!(steps.poll() instanceof Step.Deliver(List<Pending> more))) {
                return false;
            }
            lists++;
            return deliveries.addAll(more);
        }
    }
}
