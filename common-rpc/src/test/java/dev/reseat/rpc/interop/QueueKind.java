package dev.reseat.rpc.interop;

import dev.reseat.rpc.transport.TransportUrl;
import java.util.stream.Stream;

/** What both sides are told about queues. */
enum QueueKind {
    CLASSIC(""),
    DURABLE("amqp_durable_queues=true"),
    QUORUM("rabbit_quorum_queue=true");

    private final String query;

    QueueKind(String query) {
        this.query = query;
    }

    /** Of the transport_url. */
    String query() {
        return query;
    }

    /** The options without their values: not every version of oslo.messaging has them all. */
    Stream<String> options() {
        return TransportUrl.parse("rabbit:///?" + query).options().keySet().stream();
    }
}
