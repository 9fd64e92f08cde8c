package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares what goes over the wire with what the real oslo.messaging sends, declares and receives. */
@Tag("broker")
final class OsloPeerIT {
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final String url = RabbitBroker.running().transportUrl();
    private final String topic = "topic-" + UUID.randomUUID();
    private final String exchange = "exchange-" + UUID.randomUUID();
    private final ListenAddress.Server server = new ListenAddress.Server(exchange, topic, "host-a");
    private final Address toServer = new Address.Topic(exchange, server.serverQueue());
    private final Transport transport = RabbitTransports.open(url);
    private final BlockingQueue<Delivery> seen = new LinkedBlockingQueue<>();
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        TransportUrl.Host host = TransportUrl.parse(url).hosts().getFirst();
        var factory = new ConnectionFactory();
        factory.setHost(host.name());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        connection = factory.newConnection();
    }

    @AfterEach
    void close() throws Exception {
        transport.close();
        connection.close();
    }

    private PythonPeer python(String what) {
        return python(what, "");
    }

    private PythonPeer python(String what, String query) {
        return PythonPeer.start("oslo_peer.py", url + query, exchange, topic, what);
    }

    private Delivery next() throws InterruptedException {
        Delivery delivery = seen.poll(30, SECONDS);
        assertTrue(delivery != null, "nothing was published");
        return delivery;
    }

    /** Sees every message of the topic, whoever sends it. */
    private void watch() throws Exception {
        Channel channel = connection.createChannel();
        String queue = channel.queueDeclare().getQueue();
        channel.exchangeDeclare(exchange, "topic", false, false, Map.of());
        channel.exchangeDeclare(topic + "_fanout", "fanout", false, true, Map.of());
        channel.queueBind(queue, exchange, "#");
        channel.queueBind(queue, topic + "_fanout", "");
        channel.basicConsume(queue, true, (_, delivery) -> seen.add(delivery), _ -> {});
    }

    @Test
    void whatWeSendLooksLikeWhatPythonSends() throws Exception {
        watch();
        transport.send(toServer, Outgoing.of("{}".getBytes(UTF_8)), WITHIN);
        transport.send(new Address.Fanout(topic), Outgoing.of("{}".getBytes(UTF_8)), WITHIN);
        transport.send(toServer, Outgoing.of("{}".getBytes(UTF_8)).expiringAfter(Duration.ofSeconds(1)), WITHIN);
        Delivery cast = next();
        Delivery fanout = next();
        Delivery call = next();

        try (PythonPeer python = python("send")) {
            assertLooksLike(cast, next());
            assertLooksLike(fanout, next());
            assertLooksLike(call, next());
            python.awaitEnd();
        }
    }

    private static void assertLooksLike(Delivery ours, Delivery theirs) {
        AMQP.BasicProperties expected = theirs.getProperties();
        assertEquals(expected, ours.getProperties());
        assertEquals(expected.getClassId(), ours.getProperties().getClassId());
        assertEquals(theirs.getEnvelope().getExchange(), ours.getEnvelope().getExchange());
        assertEquals(theirs.getEnvelope().getRoutingKey(), ours.getEnvelope().getRoutingKey());
    }

    @Test
    void whatWeCompressLooksLikeWhatPythonCompresses() throws Exception {
        watch();
        try (Transport compressing = RabbitTransports.open(url, Map.of("kombu_compression", "gzip"))) {
            compressing.send(toServer, Outgoing.of("{}".getBytes(UTF_8)), WITHIN);
        }
        Delivery ours = next();
        try (PythonPeer python = python("send", "?kombu_compression=gzip&heartbeat_timeout_threshold=6")) {
            Delivery theirs = next();
            assertLooksLike(ours, theirs);
            assertArrayEquals(Arrays.copyOf(theirs.getBody(), 2), Arrays.copyOf(ours.getBody(), 2)); // zlib's mark
            next();
            next();
            python.awaitEnd();
        }
    }

    @Test
    void aPythonServerSharesTheQueuesWeHaveDeclared() throws Exception {
        transport.listen(server, Received.acknowledging()).close();
        try (PythonPeer python = python("serve")) {
            assertEquals("ready", python.line());
            transport.send(toServer, note("from java"), WITHIN);
            assertEquals("note from java", python.line());
            transport.send(new Address.Fanout(topic), note("to all"), WITHIN);
            assertEquals("note to all", python.line());
        }
    }

    @Test
    void weShareTheQueuesAPythonServerHasDeclared() throws Exception {
        try (PythonPeer python = python("serve")) {
            assertEquals("ready", python.line());
        }
        var received = Received.acknowledging();
        transport.listen(server, received);
        try (PythonPeer python = python("send")) {
            assertTrue(received.text().contains("cast"));
            assertTrue(received.text().contains("fanout"));
            assertTrue(received.text().contains("call"));
            python.awaitEnd();
        }
    }

    private static Outgoing note(String text) {
        String inner = "{\\\"method\\\": \\\"note\\\", \\\"args\\\": {\\\"text\\\": \\\"" + text
                + "\\\"}, \\\"version\\\": \\\"1.0\\\", \\\"_unique_id\\\": \\\"" + UUID.randomUUID() + "\\\"}";
        return Outgoing.of(("{\"oslo.version\": \"2.0\", \"oslo.message\": \"" + inner + "\"}").getBytes(UTF_8));
    }
}
