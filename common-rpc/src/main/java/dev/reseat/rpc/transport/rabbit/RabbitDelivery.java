package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Envelope;
import dev.reseat.rpc.transport.Handover;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
