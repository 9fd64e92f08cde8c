package dev.reseat.rpc.transport.rabbit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How exchanges and queues are declared. Every process on a broker has to agree on it, Python or not: a queue that
 * exists with other flags cannot be declared again.
 *
 * @param durable {@code amqp_durable_queues}
 * @param autoDelete {@code amqp_auto_delete}
 * @param quorum {@code rabbit_quorum_queue}
 * @param transientQuorum {@code rabbit_transient_quorum_queue}: fanout and reply queues are quorum queues
 * @param limits of quorum queues, transient ones included
 * @param streamFanout {@code rabbit_stream_fanout}: all servers of a topic read one stream instead of a queue each
 * @param transientLifetime {@code rabbit_transient_queues_ttl}: how long fanout and reply queues live unused, and how
 *     long a stream keeps messages; empty for ever
 * @param mirrored {@code rabbit_ha_queues}
 */
public record QueueOptions(
        boolean durable, boolean autoDelete, boolean quorum, boolean transientQuorum, QuorumLimits limits,
        boolean streamFanout, Optional<Duration> transientLifetime, boolean mirrored) {

    private static final Duration LONGEST_LIFETIME = Duration.ofSeconds(Integer.MAX_VALUE);

    public QueueOptions {
        if (mirrored && (quorum || transientQuorum)) {
            throw new IllegalArgumentException("rabbit_ha_queues: a queue is either mirrored or a quorum queue, and "
                    + (quorum ? "rabbit_quorum_queue" : "rabbit_transient_quorum_queue") + " is set");
        }
        if (streamFanout && !transientQuorum) {
            throw new IllegalArgumentException("rabbit_stream_fanout needs rabbit_transient_quorum_queue");
        }
    }

    /** What upstream does if nothing is set. */
    static QueueOptions defaults() {
        return new QueueOptions(
                false, false, false, false, QuorumLimits.NONE, false, Optional.of(Duration.ofMinutes(30)), false);
    }

    static QueueOptions from(Options options) {
        boolean durable = options.flag("amqp_durable_queues", false);
        boolean autoDelete = options.flag("amqp_auto_delete", false);
        boolean quorum = options.flag("rabbit_quorum_queue", false);
        boolean transientQuorum = options.flag("rabbit_transient_quorum_queue", false);
        QuorumLimits limits = QuorumLimits.from(options);
        boolean stream = options.flag("rabbit_stream_fanout", false);
        boolean mirrored = options.flag("rabbit_ha_queues", false);
        Optional<Duration> lifetime = Optional.of(
                options.seconds("rabbit_transient_queues_ttl", Duration.ofMinutes(30), LONGEST_LIFETIME))
                .filter(Duration::isPositive);
        return options.together(
                () -> new QueueOptions(
                        durable, autoDelete, quorum, transientQuorum, limits, stream, lifetime, mirrored),
                QueueOptions::defaults);
    }

    /** Whether topic exchanges and the queues bound to them are durable: quorum queues always are. */
    boolean topicDurable() {
        return durable || quorum;
    }

    /** Arguments of queues that outlive their listeners. */
    Map<String, Object> topicArguments() {
        return arguments(quorum);
    }

    /** Arguments of fanout queues. */
    Map<String, Object> fanoutArguments() {
        if (!streamFanout) {
            return transientArguments();
        }
        Map<String, Object> arguments = new HashMap<>(Map.of("x-queue-type", "stream"));
        transientLifetime.ifPresent(time -> arguments.put("x-max-age", time.toSeconds() + "s"));
        return arguments;
    }

    /** Arguments of reply queues, and of fanout queues that are no streams. */
    Map<String, Object> transientArguments() {
        Map<String, Object> arguments = arguments(transientQuorum);
        transientLifetime.ifPresent(time -> arguments.put("x-expires", number(time.toMillis())));
        return arguments;
    }

    private Map<String, Object> arguments(boolean asQuorum) {
        Map<String, Object> arguments = new HashMap<>();
        if (asQuorum) {
            arguments.put("x-queue-type", "quorum");
            limits.addTo(arguments);
        }
        if (mirrored) {
            arguments.put("x-ha-policy", "all");
        }
        return arguments;
    }

    /** As Python's client writes it: in 32 bits if it fits. */
    private static Object number(long value) {
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }

    /**
     * Limits of quorum queues; 0 for none.
     *
     * @param deliveries {@code rabbit_quorum_delivery_limit}
     * @param memoryLength {@code rabbit_quorum_max_memory_length}
     * @param memoryBytes {@code rabbit_quorum_max_memory_bytes}
     */
    public record QuorumLimits(long deliveries, long memoryLength, long memoryBytes) {
        static final QuorumLimits NONE = new QuorumLimits(0, 0, 0);

        static QuorumLimits from(Options options) {
            return new QuorumLimits(
                    options.size("rabbit_quorum_delivery_limit"),
                    options.size("rabbit_quorum_max_memory_length"),
                    options.size("rabbit_quorum_max_memory_bytes"));
        }

        private void addTo(Map<String, Object> arguments) {
            add(arguments, "x-delivery-limit", deliveries);
            add(arguments, "x-max-in-memory-length", memoryLength);
            add(arguments, "x-max-in-memory-bytes", memoryBytes);
        }

        private static void add(Map<String, Object> arguments, String name, long value) {
            if (value > 0) {
                arguments.put(name, number(value));
            }
        }
    }
}
