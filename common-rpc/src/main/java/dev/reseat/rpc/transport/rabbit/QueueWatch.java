package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import dev.reseat.rpc.transport.ListenAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees to it that a listener does not go deaf while its connection lives: notices that a reply queue is new when it
 * should not be, and from time to time declares everything again (an exchange that somebody deleted takes the bindings
 * with it, and no consumer is told) and asks whether the broker still knows the consumer. Used by one thread, but for
 * {@link #whenLost} and {@link #end}.
 */
final class QueueWatch {
    private static final Logger LOG = System.getLogger(QueueWatch.class.getName());
    /** In a row; a quorum queue without a leader reports no consumers either. */
    private static final int BELIEVED_AFTER = 2;
    /** Twice as many each time that consuming again has not helped: some queue that was found there may never count. */
    private static final int BELIEVED_AFTER_AT_MOST = 64;
    /** After so many looks the nodes of a cluster have cleared away what was lost before this consumption. */
    private static final int BOUND_ANEW = 3;

    private final ListenAddress source;
    private final String own;
    private final Duration interval;
    private final boolean ownIsStream;
    private int believedAfter = BELIEVED_AFTER;
    private boolean consumedBefore;
    private boolean gone;
    private boolean lostBefore;
    private volatile Runnable told = () -> {};
    private final ReentrantLock looking = new ReentrantLock();
    private boolean ended; // guarded by looking

    /**
     * @param ownIsStream whether the own queue is a stream, of which the broker counts no consumers
     * @param interval between two looks; zero for none
     */
    QueueWatch(ListenAddress source, String own, boolean ownIsStream, Duration interval) {
        this.source = source;
        this.own = own;
        this.ownIsStream = ownIsStream;
        this.interval = interval;
    }

    /** @param told run when the reply queue has vanished, with what it held, and is there again */
    void whenLost(Runnable told) {
        this.told = told;
    }

    /** To be called before the queues are declared on a new connection. */
    void beforeDeclaring(Topology topology) throws IOException {
        if (consumedBefore && source instanceof ListenAddress.Replies(String queue)) {
            gone |= !topology.exists(queue);
        }
    }

    /** To be called when consumption has begun. */
    void consuming() {
        lostBefore = consumedBefore;
        consumedBefore = true;
        if (!gone) {
            return;
        }
        gone = false;
        told.run();
    }

    /** Waits for the end of the consumption. @return its reason */
    String awaitLoss(CompletableFuture<String> lost, Topology topology)
            throws InterruptedException, ExecutionException {
        if (!interval.isPositive()) {
            return lost.get();
        }
        int unseen = 0;
        for (int look = 1;; look++) {
            try {
                return lost.get(interval.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                unseen = isConsumed(topology, lostBefore && look <= BOUND_ANEW) ? 0 : unseen + 1;
            }
            if (unseen == 0) {
                believedAfter = BELIEVED_AFTER;
            } else if (unseen >= believedAfter) {
                believedAfter = Math.min(2 * believedAfter, BELIEVED_AFTER_AT_MOST);
                return "the broker does not know the consumer any more";
            }
        }
    }

    /** When this returns, nothing is declared any more: what is deleted from now on stays so. */
    void end() {
        looking.lock();
        try {
            ended = true;
        } finally {
            looking.unlock();
        }
    }

    private boolean isConsumed(Topology topology, boolean bindsAnew) {
        looking.lock();
        try {
            return ended || look(topology, bindsAnew);
        } finally {
            looking.unlock();
        }
    }

    private boolean look(Topology topology, boolean bindsAnew) {
        try {
            List<String> queues = topology.declare(source, own);
            if (bindsAnew) {
                topology.bindAnew(source);
            }
            // of a shared queue it cannot be told whose consumers are counted; if there is none, ours is not there
            for (String queue : queues) {
                if (topology.consumers(queue) == 0 && !(ownIsStream && queue.equals(own))) {
                    return false;
                }
            }
        } catch (IOException | AlreadyClosedException e) {
            // the broker is busy, or the connection is ending, which is learnt another way
            LOG.log(Level.DEBUG, "the queues could not be looked at: {0}", e.getMessage());
            topology.startAgain();
        }
        return true;
    }
}
