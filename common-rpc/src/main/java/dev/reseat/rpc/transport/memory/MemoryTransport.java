package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.Handover;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Source;
import dev.reseat.rpc.transport.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Carries messages between the parts of one JVM that share a {@link MemoryBroker}. Nothing it sends is ever unknown: the
 * broker takes a message at once or not at all.
 */
public final class MemoryTransport implements Transport {
    private final MemoryBroker broker;
    // guarded by this
    private final Map<UUID, Listener> listeners = new HashMap<>();
    private boolean closed;

    /** One "connection" to the broker; closing it leaves the broker and its queues alone. */
    public MemoryTransport(MemoryBroker broker) {
        this.broker = broker;
    }

    @Override
    public void send(Address address, Outgoing message, Duration within) {
        if (!isConnected())
            throw new RpcException.NotDelivered("transport is closed");
        if (!broker.publish(address, message) && message.mandatory())
            throw new RpcException.NotDelivered("no queue takes messages to " + address);
    }

    @Override
    public Listener listen(Source source, Consumer<Delivery> receiver) {
        synchronized (this) {
            if (closed)
                throw new IllegalStateException("transport is closed");
            UUID id = UUID.randomUUID();
            var handover = Handover.start("memory " + source, receiver);
            var listener = new MemoryListener(broker, broker.subscribe(source, handover), handover, () -> forget(id));
            listeners.put(id, listener);
            return listener;
        }
    }

    private synchronized void forget(UUID id) {
        listeners.remove(id);
    }

    /** True until closed: this broker cannot be out of reach. */
    @Override
    public synchronized boolean isConnected() {
        return !closed;
    }

    @Override
    public void close() {
        List<Listener> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(listeners.values());
        }
        open.forEach(Listener::close);
    }
}
