package dev.reseat.rpc.transport.rabbit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How exchanges and queues are declared. Every process on a broker has to agree on it, Python or not: a queue that exists
 * with other flags cannot be declared again.
 *
 * @param durable {@code amqp_durable_queues}
 * @param autoDelete {@code amqp_auto_delete}
 * @param quorum {@code rabbit_quorum_queue}, with its three limits, empty where they are 0
 * @param transientQuorum {@code rabbit_transient_quorum_queue}: fanout and reply queues are quorum queues too
 * @param transientLifetime {@code rabbit_transient_queues_ttl}: how long fanout and reply queues live unused; empty for ever
 * @param mirrored {@code rabbit_ha_queues}
 */
public record QueueOptions(
        boolean durable, boolean autoDelete, Optional<Quorum> quorum, boolean transientQuorum,
        Optional<Duration> transientLifetime, boolean mirrored) {

    public QueueOptions {
        if (mirrored && (quorum.isPresent() || transientQuorum))
            throw new IllegalArgumentException(
                    "[oslo_messaging_rabbit] rabbit_ha_queues and rabbit_quorum_queue exclude each other");
    }

    static QueueOptions from(Options options) {
        Optional<Quorum> quorum = options.flag("rabbit_quorum_queue", false)
                ? Optional.of(
                        new Quorum(
                                options.count("rabbit_quorum_delivery_limit", 0),
                                options.count("rabbit_quorum_max_memory_length", 0),
                                options.count("rabbit_quorum_max_memory_bytes", 0)))
                : Optional.empty();
        return new QueueOptions(
                options.flag("amqp_durable_queues", false),
                options.flag("amqp_auto_delete", false),
                quorum,
                options.flag("rabbit_transient_quorum_queue", false),
                Optional.of(Duration.ofSeconds(options.count("rabbit_transient_queues_ttl", 1800)))
                        .filter(Duration::isPositive),
                options.flag("rabbit_ha_queues", false));
    }

    /** Whether topic exchanges and the queues bound to them are durable: quorum queues always are. */
    boolean topicDurable() {
        return durable || quorum.isPresent();
    }

    /** Arguments of queues that outlive their listeners. */
    Map<String, Object> topicArguments() {
        Map<String, Object> arguments = new HashMap<>();
        quorum.ifPresent(q -> q.addTo(arguments));
        if (mirrored)
            arguments.put("x-ha-policy", "all");
        return arguments;
    }

    /** Arguments of fanout and reply queues. */
    Map<String, Object> transientArguments() {
        Map<String, Object> arguments = new HashMap<>();
        if (transientQuorum)
            arguments.put("x-queue-type", "quorum");
        if (mirrored)
            arguments.put("x-ha-policy", "all");
        transientLifetime.ifPresent(time -> arguments.put("x-expires", number(time.toMillis())));
        return arguments;
    }

    /** As Python's client writes it: in 32 bits if it fits. */
    private static Object number(long value) {
        if (value == (int) value)
            return (int) value;
        return value;
    }

    /** Limits of quorum queues; 0 for none. */
    public record Quorum(int deliveryLimit, int maxMemoryLength, int maxMemoryBytes) {
        void addTo(Map<String, Object> arguments) {
            arguments.put("x-queue-type", "quorum");
            if (deliveryLimit > 0)
                arguments.put("x-delivery-limit", deliveryLimit);
            if (maxMemoryLength > 0)
                arguments.put("x-max-in-memory-length", maxMemoryLength);
            if (maxMemoryBytes > 0)
                arguments.put("x-max-in-memory-bytes", maxMemoryBytes);
        }
    }
}
