package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fanouts through one stream: {@code rabbit_stream_fanout}. */
@Tag("broker")
@Tag("slow")
final class StreamFanoutIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final PrivateRabbitNode node = RabbitBroker.restartable().own();
    private final String topic = "topic-" + UUID.randomUUID();
    private final String stream = topic + "_fanout";
    private final ListenAddress.Server serverA = new ListenAddress.Server("exchange-" + topic, topic, "host-a");
    private final ListenAddress.Server serverB = new ListenAddress.Server("exchange-" + topic, topic, "host-b");
    private final Transport transport = open();

    private Transport open() {
        return RabbitTransports.open(node.transportUrl(), Map.of(
                "rabbit_stream_fanout", "true", "rabbit_transient_quorum_queue", "true",
                "rabbit_qos_prefetch_count", "4"));
    }

    @AfterEach
    void close() {
        transport.close();
        node.control("delete_queue", stream);
    }

    private void fanout(String text) {
        transport.send(new Address.Fanout(topic), Outgoing.of(text.getBytes(UTF_8)), WITHIN);
    }

    @Test
    void everyServerReadsTheOneStream() throws Exception {
        var a = Received.acknowledging();
        var b = Received.acknowledging();
        transport.listen(serverA, a);
        transport.listen(serverB, b);

        List<String> sent = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9"); // more than may be unacknowledged
        sent.forEach(this::fanout);

        assertThat(a.texts(sent.size())).isEqualTo(sent);
        assertThat(b.texts(sent.size())).isEqualTo(sent);
    }

    @Test
    void afterALostConnectionAServerGoesOnWhereItWas() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        fanout("before");
        assertThat(a.text()).isEqualTo("before");

        node.control("close_all_connections", "test");
        try (Transport other = open()) {
            other.send(new Address.Fanout(topic), Outgoing.of("meanwhile".getBytes(UTF_8)), WITHIN);
        }

        assertThat(a.text()).isEqualTo("meanwhile");
        a.nothingBefore(() -> fanout("after"), "after");
    }

    @Test
    void whatWasNotSettledIsReadAgain() throws Exception {
        var a = Received.holding();
        transport.listen(serverA, a);
        fanout("1");
        fanout("2");
        a.next().acknowledge();
        a.next();

        node.control("close_all_connections", "test");

        assertThat(a.text()).isEqualTo("2");
    }

    @Test
    void theStreamOutlivesItsServers() throws Exception {
        transport.listen(serverA, Received.acknowledging()).close();
        fanout("to nobody");

        var b = Received.acknowledging();
        transport.listen(serverB, b);

        assertThat(b.text()).isEqualTo("to nobody");
    }

    @Test
    void aStreamThatWasDeletedIsDeclaredAgainAndReadFromItsBeginning() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        fanout("1");
        fanout("2");
        assertThat(a.texts(2)).containsExactly("1", "2");

        node.control("delete_queue", stream);

        sendUntilTaken("new");
        assertThat(a.text()).isEqualTo("new");
    }

    /** Until the stream is back, a mandatory message is returned. */
    private void sendUntilTaken(String text) {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (true) {
            try {
                var message = Outgoing.of(text.getBytes(UTF_8)).asMandatory();
                transport.send(new Address.Fanout(topic), message, WITHIN);
                return;
            } catch (RpcException.NotDelivered e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }
}
