package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Connection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shut while the broker blocks publishers (memory or disk alarm). Messages then wait before they are written, so that a
 * sender whose time runs out knows that its message did not go out.
 */
final class PublishGate implements BlockedListener {
    private static final Logger LOG = System.getLogger(PublishGate.class.getName());

    private final AtomicReference<CompletableFuture<Void>> opened =
            new AtomicReference<>(CompletableFuture.completedFuture(null));

    PublishGate(Connection connection) {
        connection.addBlockedListener(this);
    }

    /** Completes when messages may be written: usually it has. */
    CompletableFuture<Void> opened() {
        return opened.get();
    }

    @Override
    public void handleBlocked(String reason) {
        LOG.log(Level.WARNING, "the broker accepts no messages now: {0}", reason);
        opened.updateAndGet(now -> now.isDone() ? new CompletableFuture<>() : now); // who waits must be woken
    }

    @Override
    public void handleUnblocked() {
        LOG.log(Level.INFO, "the broker accepts messages again");
        opened.get().complete(null);
    }
}
