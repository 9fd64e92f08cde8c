package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One channel in confirm mode and what was published on it without an answer yet. One thread publishes; the answers
 * come on the connection's thread, in the broker's order: a message that is returned is returned before it is
 * confirmed.
 */
final class PublishChannel {
    private static final Logger LOG = System.getLogger(PublishChannel.class.getName());
    private static final int PERSISTENT = 2;
    private static final int ABORT_MILLIS = 2_000;
    private static final Duration ANSWERS_LIMIT = Duration.ofSeconds(2);
    /** So that a queue that refuses everything does not cost a channel for each message. */
    private static final Duration SHORTEST_USE = Duration.ofSeconds(1);

    private final Channel channel;
    private final Map<Long, PendingPublish> unanswered = new LinkedHashMap<>(); // guarded by itself; oldest first
    private final CompletableFuture<ShutdownSignalException> lost = new CompletableFuture<>();

    private final long opened = System.nanoTime();
    private volatile boolean worn;
    /** A channel learns of its connection's end later than we do. */
    private volatile boolean givenUp;

    private PublishChannel(Channel channel) {
        this.channel = channel;
    }

    /** @param onLoss run when the channel is gone, or not usable any more */
    static PublishChannel open(Channel channel, Runnable onLoss) throws IOException {
        var publishing = new PublishChannel(channel);
        channel.addReturnListener(publishing::returned);
        channel.addConfirmListener(
                (number, multiple) -> publishing.answered(number, multiple).forEach(PendingPublish::confirmed),
                (number, multiple) -> {
                    publishing.answered(number, multiple).forEach(PendingPublish::lost);
                    publishing.wear();
                    onLoss.run();
                });
        channel.addShutdownListener(signal -> {
            publishing.lost.complete(signal);
            onLoss.run();
        });
        channel.confirmSelect();
        return publishing;
    }

    boolean isOpen() {
        return !givenUp && channel.isOpen() && !lost.isDone();
    }

    /**
     * Whether more may be published on it. Not after a negative confirm: when a quorum queue changes its leader, the
     * broker can be left refusing every further message of a channel to that queue, while it takes them on a new one.
     */
    boolean isUsable() {
        return isOpen() && !worn;
    }

    private void wear() {
        worn = System.nanoTime() - opened > SHORTEST_USE.toNanos();
    }

    /** Completes when the channel is gone; from then on no message on it is answered any more. */
    CompletableFuture<ShutdownSignalException> lost() {
        return lost;
    }

    /** Whether the broker has answered everything. */
    boolean isQuiet() {
        synchronized (unanswered) {
            return unanswered.isEmpty();
        }
    }

    /** What was written without an answer, oldest first. */
    List<PendingPublish> unanswered() {
        synchronized (unanswered) {
            return List.copyOf(unanswered.values());
        }
    }

    /**
     * Writes the message; what becomes of it is learnt later.
     *
     * @return false if that fails: the channel is not usable any more, and to be {@linkplain #giveUp given up}
     */
    boolean publish(PendingPublish pending) {
        synchronized (unanswered) {
            unanswered.put(channel.getNextPublishSeqNo(), pending);
        }
        Outgoing message = pending.message();
        try {
            channel.basicPublish(
                    exchange(pending.address()), routingKey(pending.address()), message.mandatory(),
                    properties(message),
                    message.body());
            return true;
        } catch (IOException | AlreadyClosedException e) {
            LOG.log(Level.DEBUG, "publishing failed, the message will be sent again: {0}", e.getMessage());
            givenUp = true;
            return false;
        }
    }

    /** Ends an open channel: alone if it is merely worn, and its last answers come, else with its connection. */
    void end() {
        try {
            if (!isOpen() || !worn) {
                giveUp();
            } else if (awaitAnswers()) {
                channel.close();
            }
        } catch (IOException | TimeoutException | AlreadyClosedException e) {
            LOG.log(Level.DEBUG, "a channel could not be closed alone: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the publisher is being closed
        } finally {
            if (channel.isOpen()) {
                giveUp();
            }
        }
    }

    /** @return false if some do not come in time */
    private boolean awaitAnswers() throws InterruptedException {
        var deadline = Deadline.after(ANSWERS_LIMIT);
        for (PendingPublish message : unanswered()) {
            try {
                CompletableFuture.anyOf(message.settled(), lost)
                        .get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                LOG.log(Level.TRACE, "its sender is told: {0}", e.getMessage());
            } catch (TimeoutException e) {
                return false;
            }
        }
        return true;
    }

    /** Drops the connection, so that the channel is lost; that may take a moment. Repeatable. */
    void giveUp() {
        givenUp = true;
        channel.getConnection().abort(ABORT_MILLIS);
    }

    private List<PendingPublish> answered(long number, boolean multiple) {
        synchronized (unanswered) {
            if (!multiple) {
                return Optional.ofNullable(unanswered.remove(number)).stream().toList();
            }
            List<PendingPublish> messages = new ArrayList<>();
            for (var oldest = unanswered.entrySet().iterator(); oldest.hasNext();) {
                var next = oldest.next();
                if (next.getKey() > number) {
                    break;
                }
                messages.add(next.getValue());
                oldest.remove();
            }
            return messages;
        }
    }

    /**
     * A return does not say which message it is, and adding an id to the properties would show on the wire: it is found
     * by its content, which holds a unique id. Of equal messages the first one that was not returned is taken.
     */
    private void returned(Return message) {
        unanswered().stream()
                .filter(pending -> pending.message().mandatory() && !pending.isReturned())
                .filter(pending -> routingKey(pending.address()).equals(message.getRoutingKey()))
                .filter(pending -> exchange(pending.address()).equals(message.getExchange()))
                .filter(pending -> Arrays.equals(pending.message().body(), message.getBody()))
                .findFirst()
                .ifPresentOrElse(
                        PendingPublish::returned,
                        () -> LOG.log(Level.WARNING, "a message was returned that nobody waits for: {0}",
                                message.getReplyText()));
    }

    private static String exchange(Address address) {
        return switch (address) {
            case Address.Topic topic -> topic.exchange();
            case Address.Notification notification -> notification.exchange();
            case Address.Fanout fanout -> fanout.exchange();
            case Address.Queue _ -> "";
        };
    }

    private static String routingKey(Address address) {
        return switch (address) {
            case Address.Topic topic -> topic.routingKey();
            case Address.Notification notification -> notification.routingKey();
            case Address.Fanout _ -> "";
            case Address.Queue queue -> queue.name();
        };
    }

    /** What kombu sends; in particular a table of headers, empty outside a trace, and no ids. */
    private static AMQP.BasicProperties properties(Outgoing message) {
        var properties = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("utf-8")
                .headers(Collections.unmodifiableMap(message.headers()))
                .deliveryMode(PERSISTENT)
                .priority(0);
        message.expiration().ifPresent(time -> properties.expiration(String.valueOf(time.toMillis())));
        return properties.build();
    }
}
