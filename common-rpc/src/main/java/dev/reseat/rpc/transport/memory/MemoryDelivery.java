package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.transport.Handover;

/** A message on its way to a receiver. Compared by identity. */
final class MemoryDelivery implements Handover.Pending {
    private final MemoryConsumer consumer;
    private final byte[] body;

    MemoryDelivery(MemoryConsumer consumer, byte[] body) {
        this.consumer = consumer;
        this.body = body.clone();
    }

    @Override
    public byte[] body() {
        return body;
    }

    @Override
    public void acknowledge() {
        if (!consumer.settle(this))
            throw new IllegalStateException("settled before, or the listener has stopped: " + consumer.queue());
    }

    @Override
    public void reject() {
        consumer.settle(this);
    }

    @Override
    public boolean isPending() {
        return consumer.isPending(this);
    }
}
