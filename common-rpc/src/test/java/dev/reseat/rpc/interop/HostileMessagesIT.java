package dev.reseat.rpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.GoldenMessages;
import dev.reseat.rpc.server.RpcServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Over the real broker: whatever is sent to a server or to a waiting client, the next call is answered. */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileMessagesIT {
    private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", true, "req-1");
    /** More than the server has workers: none may be lost. */
    private static final int REPEATED = 12;
    private static final int SMALL = 100_000;

    private final Wire wire = new Wire();
    private final Target served = Wire.fresh();
    private final Target raw = Wire.fresh();
    private RawPeer peer;
    private RpcServer server;
    private BlockingQueue<Delivery> requests;

    @BeforeAll
    void start() throws Exception {
        server = wire.serve(served, new SameMethods().endpoints());
        peer = RawPeer.connect(wire.url());
        requests = peer.listen(raw.exchange(), raw.routingKey());
    }

    @AfterAll
    void stop() throws IOException {
        server.stop();
        peer.close();
        wire.close();
    }

    static Stream<Hostile> hostile() {
        return Hostile.values();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aServerGoesOn(Hostile hostile) throws Exception {
        byte[] body = hostile.body()
                .of("{\"method\": \"echo\", \"args\": {\"value\": 1}, \"_msg_id\": \"1\", \"_reply_q\": \"nobody\"}");
        for (int i = 0; i < (body.length < SMALL ? REPEATED : 1); i++) {
            peer.publish(served.exchange(), served.routingKey(), properties(hostile), body);
        }

        assertThat(wire.client().prepare(served).call(CONTEXT, "echo", Map.of("value", hostile.what()), String.class))
                .isEqualTo(hostile.what());
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aWaitingClientGetsItsReply(Hostile hostile) throws Exception {
        CompletableFuture<String> result = CompletableFuture.supplyAsync(this::call);
        Map<String, Object> request = GoldenMessages.inner(RawPeer.next(requests).getBody());
        String queue = (String) request.get("_reply_q");
        byte[] body = hostile.body()
                .of("{\"result\": null, \"failure\": null, \"ending\": false, \"_msg_id\": \""
                        + request.get("_msg_id") + "\"}");

        peer.publish("", queue, properties(hostile), body);
        peer.publish("", queue, RawPeer.usual().build(), GoldenMessages.enveloped("{\"result\": \"after it\","
                + " \"failure\": null, \"ending\": true, \"_msg_id\": \"" + request.get("_msg_id") + "\"}"));

        assertThat(result.get(60, SECONDS)).isIn("after it", "UnreadableFailure");
    }

    /** The result; or the class of the failure, because a reply that says that something failed is believed. */
    private String call() {
        try {
            return wire.client()
                    .prepare(raw)
                    .timeout(Duration.ofSeconds(60))
                    .call(CONTEXT, "anything", Map.of(), String.class);
        } catch (RpcException.RemoteFailure e) {
            return e.type();
        }
    }

    private static AMQP.BasicProperties properties(Hostile hostile) {
        return hostile.properties().apply(RawPeer.usual()).build();
    }
}
