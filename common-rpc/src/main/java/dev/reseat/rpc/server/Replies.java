package dev.reseat.rpc.server;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import java.time.Duration;

/**
 * Sends answers. A reply queue can be away for a moment, while its owner reconnects: the answer is then tried again for
 * up to a minute, on a thread of its own, so that dead callers do not hold workers.
 */
final class Replies {
    private static final System.Logger LOG = System.getLogger(Replies.class.getName());
    private static final Duration MISSING_CONSUMER_RETRY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);

    private final Transport transport;

    Replies(Transport transport) {
        this.transport = transport;
    }

    void send(String queue, byte[] body) {
        var deadline = Deadline.after(MISSING_CONSUMER_RETRY_TIMEOUT);
        if (!tried(queue, body, deadline)) {
            Thread.ofVirtual().name("reply-retry").start(() -> retry(queue, body, deadline));
        }
    }

    /** A heartbeat is worth one try. */
    void sendHeartbeat(String queue, byte[] body) {
        tried(queue, body, Deadline.after(RETRY_INTERVAL.multipliedBy(4)));
    }

    private void retry(String queue, byte[] body, Deadline deadline) {
        try {
            do {
                Thread.sleep(RETRY_INTERVAL);
            } while (!tried(queue, body, deadline) && !deadline.isOver());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (deadline.isOver()) {
            LOG.log(System.Logger.Level.WARNING, "reply queue {0} does not exist: its caller is gone", queue);
        }
    }

    private boolean tried(String queue, byte[] body, Deadline deadline) {
        try {
            transport.send(new Address.Queue(queue), Outgoing.of(body).asMandatory(), deadline.remaining());
            return true;
        } catch (RpcException.NotDelivered e) {
            LOG.log(System.Logger.Level.DEBUG, "reply not delivered yet: {0}", e.getMessage());
            return false;
        } catch (RpcException.OutcomeUnknown e) {
            LOG.log(System.Logger.Level.WARNING, "reply may be lost: {0}", e.getMessage());
            return true;
        }
    }
}
