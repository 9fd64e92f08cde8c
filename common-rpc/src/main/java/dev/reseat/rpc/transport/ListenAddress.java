package dev.reseat.rpc.transport;

import java.util.List;
import java.util.stream.Stream;

/** What a listener listens to. */
public sealed interface ListenAddress {
    /**
     * The three queues of an RPC server: {@code topic}, {@code topic.server} and one of its own bound to the fanout.
     */
    record Server(String exchange, String topic, String server) implements ListenAddress {
        public Server {
            Names.check("exchange", exchange);
            Names.check("topic", topic);
            Names.check("server", server);
            Names.check("queue", topic + "." + server);
        }

        /** The queue every server of the topic shares. */
        public String topicQueue() {
            return topic;
        }

        /** The queue of this server alone. */
        public String serverQueue() {
            return topic + "." + server;
        }

        public Address.Fanout fanout() {
            return new Address.Fanout(topic);
        }
    }

    /** A queue of this process alone, for the replies to its calls. */
    record Replies(String queue) implements ListenAddress {
        public Replies {
            Names.check("queue", queue);
        }
    }

    /**
     * The queues of notification topics and priorities, e.g. {@code notifications.info}.
     *
     * @param bindings at least one
     */
    record Notifications(List<Binding> bindings) implements ListenAddress {
        public Notifications {
            bindings = List.copyOf(bindings);
            if (bindings.isEmpty()) {
                throw new IllegalArgumentException("nothing to listen to");
            }
        }

        /** One topic and priority, from the queue that is named as they are. */
        public Notifications(String exchange, String routingKey) {
            this(List.of(new Binding(exchange, routingKey, routingKey)));
        }

        /** Every queue once. */
        public Stream<String> queues() {
            return bindings.stream().map(Binding::queue).distinct();
        }

        /** A queue and what comes into it. */
        public record Binding(String exchange, String routingKey, String queue) {
            public Binding {
                Names.check("exchange", exchange);
                Names.check("routing key", routingKey);
                Names.check("queue", queue);
            }
        }
    }
}
