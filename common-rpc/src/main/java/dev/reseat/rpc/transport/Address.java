package dev.reseat.rpc.transport;

/** Where a message is published. */
public sealed interface Address {
    /** Name of the exchange; empty for the default one. */
    String exchange();

    /** What the exchange chooses the queues by; empty where it needs nothing. */
    String routingKey();

    /** A queue bound to a topic exchange; the exchange is declared before the first publish. */
    record Topic(String exchange, String routingKey) implements Address {
        public Topic {
            Names.check("exchange", exchange);
            Names.check("routing key", routingKey);
        }
    }

    /** Every listener of the topic, through the exchange {@code T_fanout}; listeners need not exist. */
    record Fanout(String topic) implements Address {
        public Fanout {
            Names.check("topic", topic);
        }

        /** Not scoped by any control exchange: services that share a topic share its fanout. */
        @Override
        public String exchange() {
            return topic + "_fanout";
        }

        @Override
        public String routingKey() {
            return "";
        }
    }

    /** One queue by its name, through the default exchange: how replies travel. */
    record Queue(String name) implements Address {
        public Queue {
            Names.check("queue", name);
        }

        @Override
        public String exchange() {
            return "";
        }

        @Override
        public String routingKey() {
            return name;
        }
    }

    /**
     * A notification: like {@link Topic}, but the publisher also declares and binds a queue named as the routing key,
     * so that nothing is lost before a listener exists.
     */
    record Notification(String exchange, String routingKey) implements Address {
        public Notification {
            Names.check("exchange", exchange);
            Names.check("routing key", routingKey);
        }
    }
}
