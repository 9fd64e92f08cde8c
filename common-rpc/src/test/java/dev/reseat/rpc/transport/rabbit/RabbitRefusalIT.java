package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a negative confirm means: nothing is known of that message, and the next ones go another way. */
@Tag("broker")
final class RabbitRefusalIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final Transport transport = RabbitTransports.open(broker.transportUrl());
    private final String full = "full-" + UUID.randomUUID();
    private final String free = "free-" + UUID.randomUUID();
    private Connection connection;
    private Channel peer;

    @BeforeEach
    void declare() throws Exception {
        var factory = new ConnectionFactory();
        factory.setPort(broker.own().port());
        factory.setHost("127.0.0.1");
        connection = factory.newConnection("peer");
        peer = connection.createChannel();
        peer.queueDeclare(full, false, false, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        peer.queueDeclare(free, false, false, false, Map.of());
    }

    @AfterEach
    void remove() throws Exception {
        transport.close();
        peer.queueDelete(full);
        peer.queueDelete(free);
        connection.close();
    }

    private void send(String queue, String text) {
        transport.send(new Address.Queue(queue), Outgoing.of(text.getBytes(UTF_8)).asMandatory(), WITHIN);
    }

    @Test
    void theOutcomeOfAMessageThatTheBrokerConfirmsNegativelyIsUnknown() {
        send(full, "fits");
        assertThrows(OutcomeUnknown.class, () -> send(full, "too many"));
        assertThrows(OutcomeUnknown.class, () -> send(full, "still too many"));
        send(free, "harmed by none of it");
    }

    @Test
    void aChannelThatTheBrokerRefusesMessagesOnIsReplaced() throws Exception {
        send(full, "fits");
        List<String> before = publishing();
        Thread.sleep(1_500); // a channel is not replaced within a second of its opening
        assertThrows(OutcomeUnknown.class, () -> send(full, "too many"));
        for (int i = 0; i < 100; i++) {
            send(free, "m" + i);
        }

        assertEquals(100, peer.messageCount(free));
        List<String> after = publishing();
        assertEquals(before.getFirst(), after.getFirst());
        assertNotEquals(before.get(1), after.get(1));
    }

    /** The broker's names for the connection that publishes with confirms, and for its channel. */
    private List<String> publishing() {
        return broker.own()
                .control("list_channels", "--no-table-headers", "connection", "pid", "confirm")
                .lines()
                .filter(line -> line.endsWith("true"))
                .map(line -> List.of(line.split("\t")))
                .findAny()
                .orElseThrow();
    }
}
