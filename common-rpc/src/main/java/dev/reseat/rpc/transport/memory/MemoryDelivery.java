package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.transport.Handover;
import java.util.Map;
import java.util.Optional;

/** A message on its way to a receiver. Compared by identity. */
final class MemoryDelivery implements Handover.Pending {
    private final MemoryConsumer consumer;
    private final byte[] body;
    private final Map<String, String> headers;

    MemoryDelivery(MemoryConsumer consumer, byte[] body, Map<String, String> headers) {
        this.consumer = consumer;
        this.body = body.clone();
        this.headers = headers;
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
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
