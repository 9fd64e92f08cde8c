package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Asks the broker who consumes from a queue, by a passive declaration, which makes nothing. On a connection of its own,
 * since a broker short of memory does not read those that publish; and on a channel that nobody else asks on, since a
 * declaration that fails closes its channel. The others are kept: to open one costs more than to ask. Thread-safe.
 */
final class QueueProbe implements AutoCloseable {
    private static final Logger LOG = System.getLogger(QueueProbe.class.getName());
    /** So many channels are kept at most. */
    private static final int KEPT = 32;

    private final Supplier<Dialer> dialers;
    private final ReentrantLock dialing = new ReentrantLock();
    /** Written by who holds the lock. */
    private volatile Optional<Dialled> dialled = Optional.empty();
    private volatile boolean closed;

    QueueProbe(Supplier<Dialer> dialers) {
        this.dialers = dialers;
    }

    /** As {@link dev.reseat.rpc.transport.Transport#consumers}. */
    int consumers(String queue, Duration within) {
        var deadline = Deadline.after(within);
        var asked = new FutureTask<>(() -> ask(queue, deadline));
        // a thread of its own, since a broker that says nothing cannot be waited for with a deadline otherwise
        Thread asking = Thread.ofVirtual().name("rabbit probe " + queue).start(asked);
        try {
            return asked.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            asking.interrupt();
            dialled.ifPresent(this::drop); // what it still answers, nobody waits for
            throw unanswered(queue, "no answer within " + within.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            asking.interrupt();
            Thread.currentThread().interrupt();
            throw unanswered(queue, "interrupted", e);
        } catch (ExecutionException e) {
            throw unanswered(queue, reason(e.getCause()), e.getCause());
        }
    }

    private int ask(String queue, Deadline deadline) throws IOException, InterruptedException, Unreachable {
        Dialled connection = dialled();
        try {
            return count(connection, queue);
        } catch (IOException | AlreadyClosedException e) {
            // a socket that fails is noticed here before the connection knows that it is lost
            boolean lost = e instanceof SocketException || !connection.isOpen();
            if (!lost || deadline.isOver()) {
                throw e;
            }
            drop(connection); // lost since the last question; the broker may be there again
            return count(dialled(), queue);
        }
    }

    private static int count(Dialled connection, String queue) throws IOException {
        Channel channel = connection.channel();
        try {
            int consumers = channel.queueDeclarePassive(queue).getConsumerCount();
            connection.keep(channel);
            return consumers;
        } catch (IOException e) {
            if (Refusal.in(e).filter(Refusal::isNotFound).isPresent()) {
                return 0;
            }
            throw e;
        }
    }

    private Dialled dialled() throws Unreachable, InterruptedException {
        dialing.lockInterruptibly();
        try {
            if (closed) {
                throw new Unreachable("transport is closed", false, new IOException("transport is closed"));
            }
            if (dialled.filter(Dialled::isOpen).isEmpty()) {
                Dialer dialer = dialers.get();
                dialled = Optional.of(new Dialled(dialer, dialer.dial()));
            }
            return dialled.orElseThrow();
        } finally {
            dialing.unlock();
        }
    }

    private void drop(Dialled connection) {
        connection.dialer().cut();
        connection.link().connection().abort();
    }

    private static RpcException unanswered(String queue, String why, Throwable cause) {
        return new RpcException.NotDelivered(
                "the broker does not say who consumes from queue '" + queue + "': " + why, cause);
    }

    private static String reason(Throwable failure) {
        LOG.log(Level.DEBUG, "a passive declaration failed", failure);
        return Refusal.in(failure).map(Refusal::text).orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    @Override
    public void close() {
        closed = true;
        dialled.ifPresent(this::drop);
    }

    /** @param idle channels on which nobody asks now */
    private record Dialled(Dialer dialer, Link link, Queue<Channel> idle) {
        Dialled(Dialer dialer, Link link) {
            this(dialer, link, new ArrayBlockingQueue<>(KEPT));
        }

        boolean isOpen() {
            return link.connection().isOpen();
        }

        Channel channel() throws IOException {
            Channel kept = idle.poll();
            while (kept != null && !kept.isOpen()) {
                kept = idle.poll();
            }
            return kept != null
                    ? kept
                    : Optional.ofNullable(link.connection().createChannel())
                            .orElseThrow(() -> new IOException("the broker allows no more channels"));
        }

        void keep(Channel channel) throws IOException {
            if (!idle.offer(channel)) {
                channel.abort();
            }
        }
    }
}
