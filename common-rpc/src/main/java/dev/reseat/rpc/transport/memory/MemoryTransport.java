package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.Handover;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Carries messages between the parts of one JVM that share a {@link MemoryBroker}. Nothing it sends is ever unknown:
 * the broker takes a message at once or not at all.
 */
public final class MemoryTransport implements Transport {
    private static final Sending SETTLED = new Settled();

    private final MemoryBroker broker;
    // guarded by this
    private final Map<UUID, Listener> listeners = new HashMap<>();
    private boolean closed;

    /** One "connection" to the broker; closing it leaves the broker and its queues alone. */
    public MemoryTransport(MemoryBroker broker) {
        this.broker = broker;
    }

    @Override
    public Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
        if (!isConnected()) {
            settled.accept(Optional.of(new RpcException.NotDelivered("transport is closed")));
        } else if (!broker.publish(address, message) && message.mandatory()) {
            settled.accept(Optional.of(new RpcException.Undeliverable(address.exchange(), address.routingKey())));
        } else {
            settled.accept(Optional.empty());
        }
        return SETTLED;
    }

    @Override
    public Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("transport is closed");
            }
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

    @Override
    public int consumers(String queue, Duration within) {
        if (!isConnected()) {
            throw new RpcException.NotDelivered("transport is closed");
        }
        return broker.consumers(queue);
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

    private record Settled() implements Sending {
        @Override
        public void abandon(String why) {
            // nothing is ever on its way here
        }

        @Override
        public boolean isRepeated() {
            return false;
        }
    }
}
