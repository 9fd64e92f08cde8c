package dev.reseat.rpc.transport;

/** What a listener listens to. */
public sealed interface Source {
    /** The three queues of an RPC server: {@code topic}, {@code topic.server} and one of its own bound to the fanout. */
    record Server(String exchange, String topic, String server) implements Source {}

    /** A queue of this process alone, for the replies to its calls. */
    record Replies(String queue) implements Source {}

    /** The queue of a notification topic and priority, e.g. {@code notifications.info}. */
    record Notifications(String exchange, String routingKey) implements Source {}
}
