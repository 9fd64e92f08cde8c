package dev.reseat.rpc.transport.memory;

import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Handover;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the {@link MemoryTransport}s of one JVM share: exchanges, queues and the messages in them. Queues stay when
 * their listeners have gone, as a broker's do. Thread-safe; nothing blocks while its monitor is held.
 */
public final class MemoryBroker {
    /** Messages one consumer may hold unsettled; the rest wait in the queue for whoever has room. */
    static final int PREFETCH = 16;

    /** The default of {@code rabbit_transient_queues_ttl}: reply and fanout queues nobody reads disappear after it. */
    private static final Duration TRANSIENT_LIFETIME = Duration.ofMinutes(30);

    private final InstantSource clock;
    // guarded by this
    private final Map<String, MemoryQueue> queues = new HashMap<>();
    private final Map<Binding, Set<String>> bindings = new HashMap<>();
    private long published;

    public MemoryBroker() {
        this(InstantSource.system());
    }

    /** @param clock tells when messages and unused queues expire */
    public MemoryBroker(InstantSource clock) {
        this.clock = clock;
    }

    /** @return whether at least one queue took the message */
    synchronized boolean publish(Address address, Outgoing message) {
        Instant now = clock.instant();
        List<MemoryQueue> takers = route(address, now);
        var copy = new MemoryMessage(
                published++, message.body().clone(), message.headers(), message.expiration(),
                message.expiration().map(now::plus));
        takers.forEach(queue -> queue.put(copy, now));
        return !takers.isEmpty();
    }

    /** Declares what the source listens to and begins to offer its messages. */
    synchronized Subscription subscribe(ListenAddress source, Handover handover) {
        Subscription subscription = switch (source) {
            case ListenAddress.Server server -> subscribe(server, handover);
            case ListenAddress.Replies replies -> {
                declare(replies.queue(), Optional.of(TRANSIENT_LIFETIME));
                yield new Subscription(List.of(consumer(replies.queue(), handover)), Optional.empty());
            }
            case ListenAddress.Notifications notifications -> {
                notifications.bindings()
                        .forEach(to -> bind(to.exchange(), to.routingKey(), to.queue(), Optional.empty()));
                yield new Subscription(
                        notifications.queues().map(queue -> consumer(queue, handover)).toList(), Optional.empty());
            }
        };
        Instant now = clock.instant();
        subscription.consumers().forEach(consumer -> queues.get(consumer.queue()).attach(consumer, now));
        return subscription;
    }

    private Subscription subscribe(ListenAddress.Server server, Handover handover) {
        String own = server.fanout().exchange() + "_" + UUID.randomUUID().toString().replace("-", "");
        bind(server.exchange(), server.topicQueue(), server.topicQueue(), Optional.empty());
        bind(server.exchange(), server.serverQueue(), server.serverQueue(), Optional.empty());
        bind(server.fanout().exchange(), "", own, Optional.of(TRANSIENT_LIFETIME));
        return new Subscription(
                List.of(
                        consumer(server.topicQueue(), handover),
                        consumer(server.serverQueue(), handover),
                        consumer(own, handover)),
                Optional.of(own));
    }

    private MemoryConsumer consumer(String queue, Handover handover) {
        return new MemoryConsumer(this, queue, handover);
    }

    /** How many consume from the queue; 0 if there is none of that name. */
    synchronized int consumers(String queue) {
        return Optional.ofNullable(queues.get(queue)).map(MemoryQueue::consumers).orElse(0);
    }

    /** Offers nothing more; what was not settled goes back to its place in the queue. */
    synchronized void cancel(MemoryConsumer consumer) {
        Instant now = clock.instant();
        Optional<MemoryQueue> queue = Optional.ofNullable(queues.get(consumer.queue()));
        queue.ifPresent(q -> q.detach(consumer, now));
        List<MemoryMessage> back = List.copyOf(consumer.unsettled().values());
        consumer.unsettled().clear();
        queue.ifPresent(q -> back.forEach(message -> q.put(message, now)));
    }

    synchronized void delete(String queue) {
        queues.remove(queue);
        bindings.values().forEach(bound -> bound.remove(queue));
    }

    synchronized boolean settle(MemoryConsumer consumer, MemoryDelivery delivery) {
        if (consumer.unsettled().remove(delivery) == null) {
            return false;
        }
        Optional.ofNullable(queues.get(consumer.queue())).ifPresent(queue -> queue.distribute(clock.instant()));
        return true;
    }

    synchronized void requeue(MemoryConsumer consumer, MemoryDelivery delivery) {
        Optional<MemoryMessage> message = Optional.ofNullable(consumer.unsettled().remove(delivery));
        Optional<MemoryQueue> queue = Optional.ofNullable(queues.get(consumer.queue()));
        message.ifPresent(back -> queue.ifPresent(q -> q.put(back, clock.instant())));
    }

    synchronized boolean isPending(MemoryConsumer consumer, MemoryDelivery delivery) {
        return consumer.unsettled().containsKey(delivery);
    }

    private List<MemoryQueue> route(Address address, Instant now) {
        Set<String> names = switch (address) {
            case Address.Topic(String exchange, String key) -> bound(exchange, key);
            case Address.Fanout fanout -> bound(fanout.exchange(), "");
            case Address.Queue(String name) -> Set.of(name);
            case Address.Notification(String exchange, String key) -> {
                bind(exchange, key, key, Optional.empty());
                yield bound(exchange, key);
            }
        };
        names.stream()
                .filter(queues::containsKey)
                .filter(name -> queues.get(name).isGone(now))
                .toList()
                .forEach(this::delete);
        return names.stream().filter(queues::containsKey).map(queues::get).toList();
    }

    private Set<String> bound(String exchange, String key) {
        return Set.copyOf(bindings.getOrDefault(new Binding(exchange, key), Set.of()));
    }

    private void bind(String exchange, String key, String queue, Optional<Duration> lifetimeUnused) {
        declare(queue, lifetimeUnused);
        bindings.computeIfAbsent(new Binding(exchange, key), _ -> new LinkedHashSet<>())
                .add(queue);
    }

    private void declare(String queue, Optional<Duration> lifetimeUnused) {
        Instant now = clock.instant();
        if (queues.containsKey(queue) && queues.get(queue).isGone(now)) {
            delete(queue);
        }
        queues.computeIfAbsent(queue, _ -> new MemoryQueue(lifetimeUnused, now));
    }

    private record Binding(String exchange, String key) {}

    /**
     * What one listener has at the broker.
     *
     * @param own the queue that goes when the listener is closed
     */
    record Subscription(List<MemoryConsumer> consumers, Optional<String> own) {}
}
