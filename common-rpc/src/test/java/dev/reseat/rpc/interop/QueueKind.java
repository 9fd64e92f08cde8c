package dev.reseat.rpc.interop;

import dev.reseat.rpc.transport.TransportUrl;
import java.util.List;
import java.util.stream.Stream;

/** What both sides are told about queues. */
enum QueueKind {
    CLASSIC(""),
    DURABLE("amqp_durable_queues=true"),
    QUORUM("rabbit_quorum_queue=true"),
    TRANSIENT_QUORUM("rabbit_quorum_queue=true&rabbit_transient_quorum_queue=true"),
    STREAM_FANOUT("rabbit_transient_quorum_queue=true&rabbit_stream_fanout=true&rabbit_qos_prefetch_count=16"),
    QUEUE_MANAGER("use_queue_manager=true&hostname=host-1&processname=interop");

    private final String query;

    QueueKind(String query) {
        this.query = query;
    }

    /** Those that the oslo.messaging in use may know: Debian's does not know the last three. */
    static List<QueueKind> known() {
        boolean isDebians = System.getProperty("reseat.oslo.path", "").isBlank();
        return isDebians ? List.of(CLASSIC, DURABLE, QUORUM) : List.of(values());
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
