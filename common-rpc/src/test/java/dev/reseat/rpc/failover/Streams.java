package dev.reseat.rpc.failover;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A client, three servers of one topic on one kind of queue, and a stream of calls between them. */
final class Streams implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Streams.class.getName());

    private final String name;
    private final Target target;
    private final Executions executions = new Executions();
    private final List<Party> parties = new ArrayList<>();
    private final CallStream stream;

    private Streams(String name, List<String> urls, Map<String, String> options) throws InterruptedException {
        this.name = name;
        this.target = Target.of("exchange-" + UUID.randomUUID(), name + "-" + UUID.randomUUID());
        for (String url : urls) {
            var party = new Party(url, options);
            parties.add(party);
            String server = "host-" + parties.size();
            party.serve(target.onServer(server), executions.on(server));
        }
        var client = new Party(urls.getLast(), options);
        parties.add(client);
        stream = CallStream.start(name, client, target);
        stream.awaitAnswers(20);
    }

    /**
     * On quorum queues.
     *
     * @param urls where each server connects; the first declares the queues, the last is the client's too
     */
    static Streams quorum(List<String> urls) throws InterruptedException {
        return new Streams("quorum", urls, Map.of("rabbit_quorum_queue", "true"));
    }

    /** On classic queues that are gone when their node is. */
    static Streams classic(List<String> urls) throws InterruptedException {
        return new Streams("classic", urls, Map.of());
    }

    /** On classic queues that come back with their node. */
    static Streams durable(List<String> urls) throws InterruptedException {
        return new Streams("durable", urls, Map.of("amqp_durable_queues", "true"));
    }

    String topic() {
        return target.topic();
    }

    void awaitAnswers() throws InterruptedException {
        stream.awaitAnswers(50);
    }

    /** Ends the stream, and checks what has become of every call. */
    void check() throws InterruptedException {
        stream.stop();
        stream.check(executions);
        double flagged = parties.stream()
                .mapToDouble(party -> party.counted("reseat.rpc.server.redelivered")
                        + party.counted("reseat.rpc.client.repeated"))
                .sum();
        LOG.log(System.Logger.Level.INFO, "{0}: {1}, {2} ran again, {3} flagged", name, stream.counts(),
                executions.repeated(), flagged);
        assertTrue(executions.repeated() <= flagged,
                () -> name + ": " + executions.repeated() + " ran again, flagged were " + flagged);
    }

    @Override
    public void close() {
        parties.forEach(Party::close);
    }
}
