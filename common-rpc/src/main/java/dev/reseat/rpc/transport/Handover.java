package dev.reseat.rpc.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Hands deliveries to one receiver, one at a time, on one virtual thread: the promise of {@link Transport#listen} that all
 * transports keep the same way. Thread-safe.
 */
public final class Handover {
    private static final Logger LOG = System.getLogger(Handover.class.getName());

    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final Consumer<Delivery> receiver;
    private final Thread thread;
    private volatile boolean stopped;

    private Handover(String name, Consumer<Delivery> receiver) {
        this.receiver = receiver;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** Starts the thread. */
    public static Handover start(String name, Consumer<Delivery> receiver) {
        var handover = new Handover(name, receiver);
        handover.thread.start();
        return handover;
    }

    /** Queues a delivery; never blocks. How many may wait is the transport's affair (its prefetch limit). */
    public void offer(Pending delivery) {
        steps.add(new Step.Deliver(delivery));
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
            while (!stopped && steps.take() instanceof Step.Deliver(Pending delivery)) {
                if (!stopped && delivery.isPending())
                    deliver(delivery);
            }
        } catch (InterruptedException e) {
            // only a receiver that interrupts its own thread gets here: it asked for the end
            LOG.log(Level.WARNING, "{0}: receiver was interrupted, listening ends", thread.getName());
        }
    }

    private void deliver(Pending delivery) {
        try {
            receiver.accept(delivery);
        } catch (RuntimeException e) {
            String message = delivery.isPending() ? "message rejected" : "message settled before, or its channel lost";
            LOG.log(Level.ERROR, thread.getName() + ": receiver failed, " + message, e);
            delivery.reject();
        }
    }

    /** A delivery on its way to the receiver. */
    public interface Pending extends Delivery {
        /** Whether it can still be settled: nobody has, and the channel it came on is open. */
        boolean isPending();
    }

    private sealed interface Step {
        record Deliver(Pending delivery) implements Step {}

        record End() implements Step {}
    }
}
