package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Envelope;
import dev.reseat.rpc.transport.Handover;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** A message received on a channel; it can be settled as long as that channel lives. */
final class RabbitDelivery implements Handover.Pending {
    private static final Logger LOG = System.getLogger(RabbitDelivery.class.getName());

    private final PendingAcks unsettled;
    private final Envelope envelope;
    private final byte[] body;
    private final AMQP.BasicProperties properties;

    RabbitDelivery(PendingAcks unsettled, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        this.unsettled = unsettled;
        this.envelope = envelope;
        this.body = body;
        this.properties = properties;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(properties.getHeaders())
                .map(headers -> headers.get(name))
                .map(Object::toString);
    }

    /** A peer may write anything there that the broker takes: whole milliseconds. */
    @Override
    public Optional<Duration> expiration() {
        try {
            return Optional.ofNullable(properties.getExpiration()).map(Long::valueOf).map(Duration::ofMillis);
        } catch (NumberFormatException e) {
            LOG.log(Level.DEBUG, "an expiration that is no number is taken for none: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public boolean isRedelivered() {
        return envelope.isRedeliver();
    }

    @Override
    public Object origin() {
        return unsettled;
    }

    @Override
    public void together(Runnable settling) {
        unsettled.together(settling);
    }

    @Override
    public void acknowledge() {
        unsettled.acknowledge(envelope.getDeliveryTag());
    }

    @Override
    public void reject() {
        refuse(false);
    }

    @Override
    public void requeue() {
        refuse(true);
    }

    private void refuse(boolean requeue) {
        try {
            unsettled.refuse(envelope.getDeliveryTag(), requeue);
        } catch (IOException | AlreadyClosedException e) {
            LOG.log(Level.DEBUG, "a message could not be rejected, its channel is gone: {0}", e.getMessage());
        }
    }

    @Override
    public boolean isPending() {
        return unsettled.isOpen(envelope.getDeliveryTag());
    }
}
