package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Envelope;
import dev.reseat.rpc.transport.Handover;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message received on a channel; it can be settled as long as that channel lives. */
final class RabbitDelivery implements Handover.Pending {
    private static final Logger LOG = System.getLogger(RabbitDelivery.class.getName());

    private final Channel channel;
    private final Link link;
    private final Envelope envelope;
    private final byte[] body;
    private final AMQP.BasicProperties properties;
    private final AtomicBoolean settled = new AtomicBoolean();

    RabbitDelivery(Channel channel, Link link, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
        this.channel = channel;
        this.link = link;
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
    public void together(Runnable settling) {
        link.hold();
        boolean sent;
        try {
            settling.run();
        } finally {
            sent = link.release();
        }
        if (!sent)
            throw new IllegalStateException("the connection is gone, the messages will be delivered again");
    }

    @Override
    public void acknowledge() {
        if (!settled.compareAndSet(false, true))
            throw new IllegalStateException("settled before");
        try {
            channel.basicAck(envelope.getDeliveryTag(), false);
        } catch (IOException | AlreadyClosedException e) {
            throw new IllegalStateException("its channel is gone, the message will be delivered again", e);
        }
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
        if (!settled.compareAndSet(false, true))
            return;
        try {
            channel.basicReject(envelope.getDeliveryTag(), requeue);
        } catch (IOException | AlreadyClosedException e) {
            LOG.log(Level.DEBUG, "a message could not be rejected, its channel is gone: {0}", e.getMessage());
        }
    }

    @Override
    public boolean isPending() {
        return !settled.get() && channel.isOpen();
    }
}
