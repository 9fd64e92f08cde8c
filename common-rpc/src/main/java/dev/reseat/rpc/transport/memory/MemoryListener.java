package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.transport.Handover;
import dev.reseat.rpc.transport.Transport;

/** One running consumption from a {@link MemoryBroker}. */
final class MemoryListener implements Transport.Listener {
    private final MemoryBroker broker;
    private final MemoryBroker.Subscription subscription;
    private final Handover handover;
    private final Runnable forget;

    /** @param forget called when the listener is closed */
    MemoryListener(
            MemoryBroker broker, MemoryBroker.Subscription subscription, Handover handover, Runnable forget) {
        this.broker = broker;
        this.subscription = subscription;
        this.handover = handover;
        this.forget = forget;
    }

    @Override
    public void stop() {
        handover.stop();
        subscription.consumers().forEach(broker::cancel);
    }

    @Override
    public void close() {
        stop();
        subscription.own().ifPresent(broker::delete);
        forget.run();
    }
}
