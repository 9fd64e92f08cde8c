package dev.reseat.rpc.transport;

/** What a listener listens to. */
public sealed interface Source {
    /** The three queues of an RPC server: {@code topic}, {@code topic.server} and one of its own bound to the fanout. */
    record Server(String exchange, String topic, String server) implements Source {
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
    record Replies(String queue) implements Source {
        public Replies {
            Names.check("queue", queue);
        }
    }

    /** The queue of a notification topic and priority, e.g. {@code notifications.info}. */
    record Notifications(String exchange, String routingKey) implements Source {
        public Notifications {
            Names.check("exchange", exchange);
            Names.check("routing key", routingKey);
        }
    }
}
