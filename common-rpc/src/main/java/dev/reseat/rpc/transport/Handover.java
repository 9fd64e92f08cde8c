package dev.reseat.rpc.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Hands what has arrived to one receiver, on one virtual thread: the promise of {@link Transport#listen} that all
 * transports keep the same way. Thread-safe.
 */
public final class Handover {
    private static final Logger LOG = System.getLogger(Handover.class.getName());

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
        if (!deliveries.isEmpty())
            steps.add(new Step.Deliver(List.copyOf(deliveries)));
    }

    /**
     * When this returns, the receiver is not running and will not run again. Deliveries that still waited are left
     * unsettled. Called by the receiver itself, it does not wait for the receiver's end. Repeatable.
     */
    public void stop() {
        stopped = true;
        steps.add(new Step.End());
        if (Thread.currentThread().equals(thread))
            return;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the promise outranks the hurry; the flag is set again below
            }
        }
        if (interrupted)
            Thread.currentThread().interrupt();
    }

    private void run() {
        try {
            while (!stopped && steps.take() instanceof Step.Deliver(List<Pending> first))
                hand(new Waiting(first));
        } catch (InterruptedException e) {
            // only a receiver that interrupts its own thread gets here: it asked for the end
            LOG.log(Level.WARNING, "{0}: receiver was interrupted, listening ends", thread.getName());
        }
    }

    private void hand(Waiting arrivals) {
        while (arrivals.isLeft() && !stopped) {
            try {
                receiver.accept(arrivals);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, thread.getName() + ": receiver failed, its message is rejected", e);
                arrivals.rejectLast();
            }
        }
    }

    /** A delivery on its way to the receiver. */
    public interface Pending extends Delivery {
        /** Whether it can still be settled: nobody has, and the channel it came on is open. */
        boolean isPending();

        /** As {@link Arrivals#together}, on the connection it came on. */
        default void together(Runnable settling) {
            settling.run();
        }
    }

    private sealed interface Step {
        record Deliver(List<Pending> deliveries) implements Step {}

        record End() implements Step {}
    }

    /** The deliveries that were waited for, and what else waits when it is asked for. */
    private final class Waiting implements Arrivals {
        private Iterator<Pending> next;
        private Pending last;

        Waiting(List<Pending> first) {
            this.next = first.iterator();
            this.last = first.getFirst();
        }

        /** Whether some of those that were waited for have not been taken yet. */
        boolean isLeft() {
            return next.hasNext();
        }

        @Override
        public Optional<Delivery> poll() {
            while (!stopped) {
                if (!next.hasNext()) {
                    if (!(steps.poll() instanceof Step.Deliver(List<Pending> more)))
                        return Optional.empty();
                    next = more.iterator();
                }
                last = next.next();
                if (last.isPending())
                    return Optional.of(last);
            }
            return Optional.empty();
        }

        @Override
        public void together(Runnable settling) {
            last.together(settling);
        }

        void rejectLast() {
            last.reject();
        }
    }
}
