package dev.reseat.rpc.server;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Sends answers. A reply queue can be away for a moment, while its owner reconnects: its answers are then tried again
 * for up to a minute, by one thread for each such queue, so that dead callers do not hold workers. What did not come
 * back in that time is remembered: further answers to it are dropped at once, as upstream's cache of obsolete reply
 * queues does.
 */
final class Replies {
    private static final System.Logger LOG = System.getLogger(Replies.class.getName());
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    private static final int LONGEST_BACKLOG = 1000;

    private final Transport transport;
    private final Duration retryTimeout;
    private final ObsoleteQueues obsolete;
    private final Map<String, Deque<byte[]>> backlogs = new HashMap<>(); // guarded by this

    /** @param retryTimeout {@code kombu_missing_consumer_retry_timeout} */
    Replies(Transport transport, Duration retryTimeout) {
        this(transport, retryTimeout, new ObsoleteQueues());
    }

    Replies(Transport transport, Duration retryTimeout, ObsoleteQueues obsolete) {
        this.transport = transport;
        this.retryTimeout = retryTimeout;
        this.obsolete = obsolete;
    }

    /** @param done run when the broker has the answer, or it has to wait, or nobody will take it; must not block */
    void send(String queue, byte[] body, Runnable done) {
        if (obsolete.contains(queue)) {
            LOG.log(System.Logger.Level.DEBUG, "reply to {0} dropped: its caller is gone", queue);
            done.run();
            return;
        }
        transport.publish(new Address.Queue(queue), Outgoing.of(body).asMandatory(), failure -> {
            failure.ifPresent(why -> failed(queue, body, why)); // first: it waits from now on, for drain too
            done.run();
        });
    }

    /** Waits until no answer waits for its queue any more. @return false if some do at the deadline */
    synchronized boolean drain(Deadline deadline) {
        try {
            while (!backlogs.isEmpty() && !deadline.isOver()) {
                TimeUnit.NANOSECONDS.timedWait(this, deadline.remaining().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return backlogs.isEmpty();
    }

    /** A heartbeat is worth one try. @return the attempt, unless the caller is gone */
    Optional<Sending> sendHeartbeat(String queue, byte[] body) {
        if (obsolete.contains(queue)) {
            return Optional.empty();
        }
        return Optional.of(transport.publish(
                new Address.Queue(queue), Outgoing.of(body).asMandatory(), failure -> failure.ifPresent(
                        why -> LOG.log(System.Logger.Level.DEBUG, "heartbeat not delivered: {0}", why.getMessage()))));
    }

    private void failed(String queue, byte[] body, RpcException why) {
        if (why instanceof RpcException.OutcomeUnknown) {
            LOG.log(System.Logger.Level.WARNING, "reply may be lost: {0}", why.getMessage());
        } else {
            keep(queue, body);
        }
    }

    private synchronized void keep(String queue, byte[] body) {
        Deque<byte[]> backlog = backlogs.get(queue);
        if (backlog == null) {
            backlog = new ArrayDeque<>();
            backlogs.put(queue, backlog);
            Thread.ofVirtual().name("reply-retry").start(() -> retry(queue));
        }
        if (backlog.size() == LONGEST_BACKLOG) {
            LOG.log(System.Logger.Level.WARNING, "reply to {0} dropped: {1} wait already", queue, LONGEST_BACKLOG);
        } else {
            backlog.add(body);
        }
    }

    private void retry(String queue) {
        var deadline = Deadline.after(retryTimeout);
        try {
            while (!deadline.isOver()) {
                Thread.sleep(RETRY_INTERVAL);
                if (sentAll(queue, deadline)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        obsolete.add(queue);
        LOG.log(System.Logger.Level.WARNING,
                "reply queue {0} does not exist: its caller is gone, {1} replies dropped", queue, drop(queue));
    }

    /** @return whether nothing is left */
    private boolean sentAll(String queue, Deadline deadline) {
        for (Optional<byte[]> next = first(queue); next.isPresent(); next = first(queue)) {
            try {
                transport.send(new Address.Queue(queue), Outgoing.of(next.get()).asMandatory(), deadline.remaining());
            } catch (RpcException.NotDelivered e) {
                LOG.log(System.Logger.Level.DEBUG, "reply not delivered yet: {0}", e.getMessage());
                return false;
            } catch (RpcException.OutcomeUnknown e) {
                LOG.log(System.Logger.Level.WARNING, "reply may be lost: {0}", e.getMessage());
            }
            removeFirst(queue);
        }
        return true;
    }

    /** The oldest that waits; with the last one goes the backlog. */
    private synchronized Optional<byte[]> first(String queue) {
        Optional<byte[]> first = Optional.ofNullable(backlogs.get(queue).peekFirst());
        if (first.isEmpty()) {
            forget(queue);
        }
        return first;
    }

    private synchronized void removeFirst(String queue) {
        backlogs.get(queue).removeFirst();
    }

    private synchronized int drop(String queue) {
        return forget(queue).size();
    }

    private Deque<byte[]> forget(String queue) {
        Deque<byte[]> backlog = backlogs.remove(queue);
        notifyAll(); // who drains
        return backlog;
    }
}
