package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import dev.reseat.rpc.transport.Handover;
import dev.reseat.rpc.transport.ListenAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;

/**
 * With which arguments a listener consumes from its queues, and where in a stream it goes on after a lost connection.
 * Thread-safe.
 */
final class Consumption {
    private static final Logger LOG = System.getLogger(Consumption.class.getName());
    private static final String OFFSET = "x-stream-offset";
    /** The newest piece of the stream: as upstream, what was sent while nobody listened is not all lost. */
    private static final Object NEWEST = "last";

    private final ListenAddress source;
    private final String ownQueue;
    private final RabbitConfig config;
    private volatile Object next = NEWEST;
    private volatile boolean plain;

    Consumption(ListenAddress source, String ownQueue, RabbitConfig config) {
        this.source = source;
        this.ownQueue = ownQueue;
        this.config = config;
    }

    Map<String, Object> arguments(String queue) {
        if (plain) {
            return Map.of();
        }
        if (isStream(queue)) {
            return Map.of(OFFSET, next);
        }
        return config.cancelOnFailover() && !isQuorum(queue) ? Map.of("x-cancel-on-ha-failover", true) : Map.of();
    }

    private boolean isStream(String queue) {
        return config.queues().streamFanout() && queue.equals(ownQueue);
    }

    /** Quorum queues tell their consumers without being asked, and refuse the question. */
    private boolean isQuorum(String queue) {
        boolean isTransient = queue.equals(ownQueue) || source instanceof ListenAddress.Replies;
        return isTransient ? config.queues().transientQuorum() : config.queues().quorum();
    }

    /**
     * Told that consuming failed.
     *
     * @return whether the arguments may be why: a queue that exists otherwise declared is of another type perhaps. From
     *     now on there are none
     */
    boolean givesUpArguments(IOException failure) {
        Optional<Refusal> refusal = Refusal.in(failure).filter(Refusal::isOtherwiseDeclared);
        boolean asked = config.cancelOnFailover() || config.queues().streamFanout();
        if (plain || !asked || refusal.isEmpty()) {
            return false;
        }
        plain = true;
        LOG.log(Level.WARNING, "consuming without arguments: {0}", refusal.get().text());
        return true;
    }

    /** A stream keeps what was read: what was settled must not be read again, what was not must be. */
    Handover.Pending following(String queue, AMQP.BasicProperties properties, Handover.Pending delivery) {
        if (!isStream(queue) || properties.getHeaders() == null
                || !(properties.getHeaders().get(OFFSET) instanceof Number offset)) {
            return delivery;
        }
        return new FromStream(delivery, offset.longValue() + 1);
    }

    /** The broker has cancelled a consumer: if its stream was deleted, offsets begin anew. */
    void cancelled(String queue) {
        if (isStream(queue)) {
            next = NEWEST;
        }
    }

    private final class FromStream implements Handover.Pending {
        private final Handover.Pending delivery;
        private final long after;

        FromStream(Handover.Pending delivery, long after) {
            this.delivery = delivery;
            this.after = after;
        }

        @Override
        public byte[] body() {
            return delivery.body();
        }

        @Override
        public Optional<String> header(String name) {
            return delivery.header(name);
        }

        @Override
        public boolean isRedelivered() {
            return delivery.isRedelivered();
        }

        @Override
        public void acknowledge() {
            delivery.acknowledge();
            next = after;
        }

        @Override
        public void reject() {
            delivery.reject();
            next = after;
        }

        @Override
        public void requeue() {
            delivery.requeue();
        }

        @Override
        public Object origin() {
            return delivery.origin();
        }

        @Override
        public void together(Runnable settling) {
            Object before = next;
            try {
                delivery.together(settling);
            } catch (IllegalStateException e) {
                next = before; // nothing of it was settled
                throw e;
            }
        }

        @Override
        public boolean isPending() {
            return delivery.isPending();
        }
    }
}
