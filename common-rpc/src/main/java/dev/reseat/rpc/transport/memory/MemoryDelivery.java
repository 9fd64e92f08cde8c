package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.transport.Handover;
import java.time.Duration;
import java.util.Optional;

/** A message on its way to a receiver. Compared by identity. */
final class MemoryDelivery implements Handover.Pending {
    private final MemoryConsumer consumer;
    private final MemoryMessage message;
    private final byte[] body;

    MemoryDelivery(MemoryConsumer consumer, MemoryMessage message) {
        this.consumer = consumer;
        this.message = message;
        this.body = message.body().clone();
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(message.headers().get(name));
    }

    @Override
    public Optional<Duration> expiration() {
        return message.lifetime();
    }

    @Override
    public void acknowledge() {
        if (!consumer.settle(this)) {
            throw new IllegalStateException("settled before, or the listener has stopped: " + consumer.queue());
        }
    }

    @Override
    public void reject() {
        consumer.settle(this);
    }

    @Override
    public void requeue() {
        consumer.requeue(this);
    }

    @Override
    public boolean isPending() {
        return consumer.isPending(this);
    }
}
