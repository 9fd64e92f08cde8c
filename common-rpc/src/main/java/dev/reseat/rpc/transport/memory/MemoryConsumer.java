package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.transport.Handover;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One listener on one queue, and what it has not settled yet. Guarded by the broker's monitor. */
final class MemoryConsumer {
    private final MemoryBroker broker;
    private final String queue;
    private final Handover handover;
    private final Map<MemoryDelivery, MemoryMessage> unsettled = new HashMap<>();

    MemoryConsumer(MemoryBroker broker, String queue, Handover handover) {
        this.broker = broker;
        this.queue = queue;
        this.handover = handover;
    }

    String queue() {
        return queue;
    }

    boolean hasRoom() {
        return unsettled.size() < MemoryBroker.PREFETCH;
    }

    void accept(MemoryMessage message) {
        var delivery = new MemoryDelivery(this, message);
        unsettled.put(delivery, message);
        handover.offer(List.of(delivery));
    }

    Map<MemoryDelivery, MemoryMessage> unsettled() {
        return unsettled;
    }

    /** @return false if it was settled before, or has gone back to its queue */
    boolean settle(MemoryDelivery delivery) {
        return broker.settle(this, delivery);
    }

    void requeue(MemoryDelivery delivery) {
        broker.requeue(this, delivery);
    }

    boolean isPending(MemoryDelivery delivery) {
        return broker.isPending(this, delivery);
    }
}
