package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportContract;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.testing.RabbitBroker;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("broker")
final class RabbitTransportIT extends TransportContract {
    private final String url = RabbitBroker.running().transportUrl();
    private Connection connection;
    private Channel peer;

    @Override
    protected Transport open() {
        return RabbitTransports.open(url);
    }

    /** Somebody else on the broker, who uses plain AMQP. */
    @BeforeEach
    void connectPeer() throws Exception {
        TransportUrl.Host host = TransportUrl.parse(url).hosts().getFirst();
        var factory = new ConnectionFactory();
        factory.setHost(host.name());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(TransportUrl.parse(url).virtualHost());
        connection = factory.newConnection("peer");
        peer = connection.createChannel();
    }

    @AfterEach
    void closePeer() throws Exception {
        connection.close();
    }

    private Delivery receivedByPeer(String queue) throws Exception {
        var delivery = new CompletableFuture<Delivery>();
        peer.basicConsume(queue, true, (_, message) -> delivery.complete(message), _ -> {});
        return delivery.get(20, SECONDS);
    }

    @Test
    void propertiesAreThoseOfKombu() throws Exception {
        transport.listen(serverA, Received.acknowledging()).close();
        transport.send(toHostA, message("call").expiringAfter(Duration.ofSeconds(60)), WITHIN);

        Delivery call = receivedByPeer(serverA.serverQueue());

        AMQP.BasicProperties expected = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("utf-8")
                .headers(Map.of())
                .deliveryMode(2)
                .priority(0)
                .expiration("60000")
                .build();
        assertEquals(expected, call.getProperties());
        assertEquals(exchange, call.getEnvelope().getExchange());
        assertEquals(topic + ".host-a", call.getEnvelope().getRoutingKey());
    }

    @Test
    void aFanoutHasAnEmptyRoutingKeyAndNoExpiration() throws Exception {
        String queue = peer.queueDeclare().getQueue();
        peer.exchangeDeclare(topic + "_fanout", "fanout", false, true, Map.of());
        peer.queueBind(queue, topic + "_fanout", "");

        send(new Address.Fanout(topic), "all");

        Delivery delivery = receivedByPeer(queue);
        assertEquals("", delivery.getEnvelope().getRoutingKey());
        assertEquals(null, delivery.getProperties().getExpiration());
    }

    @Test
    void queuesAreDeclaredAsUpstreamDoes() throws Exception {
        transport.listen(serverA, Received.acknowledging());
        String replies = unique("reply");
        transport.listen(new ListenAddress.Replies(replies), Received.acknowledging());
        // a declaration with any other flag or argument would be refused
        peer.exchangeDeclare(exchange, "topic", false, false, Map.of());
        peer.exchangeDeclare(topic + "_fanout", "fanout", false, true, Map.of());
        peer.queueDeclare(topic, false, false, false, Map.of());
        peer.queueDeclare(topic + ".host-a", false, false, false, Map.of());
        peer.queueDeclare(replies, false, false, false, Map.of("x-expires", 1_800_000));
    }

    @Test
    void optionsChangeTheDeclarations() throws Exception {
        try (Transport durable = RabbitTransports.open(url, Map.of(
                "rabbit_quorum_queue", "true", "rabbit_quorum_delivery_limit", "3",
                "rabbit_transient_quorum_queue", "true", "rabbit_transient_queues_ttl", "60"))) {
            var a = Received.acknowledging();
            durable.listen(serverA, a);
            durable.send(toHostA, message("through a quorum queue").asMandatory(), WITHIN);
            assertEquals("through a quorum queue", a.text());
            durable.send(new Address.Fanout(topic), message("fanout"), WITHIN);
            assertEquals("fanout", a.text());
            peer.exchangeDeclare(exchange, "topic", true, false, Map.of());
            peer.exchangeDeclare(topic + "_fanout", "fanout", true, true, Map.of());
            peer.queueDeclare(topic, true, false, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", 3));
        }
    }

    @Test
    void whatExistsWithOtherFlagsIsUsedAsItIs() throws Exception {
        peer.exchangeDeclare(exchange, "topic", true, false, Map.of());
        peer.queueDeclare(topic, true, false, false, Map.of());
        var a = Received.acknowledging();
        transport.listen(serverA, a);

        send(toTopic, "adopted");

        assertEquals("adopted", a.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/json; charset=utf-8"})
    void anotherContentTypeIsRejected(String contentType) throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        var properties = contentType.isEmpty()
                ? new AMQP.BasicProperties()
                : new AMQP.BasicProperties.Builder().contentType(contentType).build();
        peer.basicPublish(exchange, serverA.serverQueue(), properties, "bad".getBytes(UTF_8));
        a.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    @Test
    void compressedBodiesArriveDecompressed() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        var bytes = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(bytes)) {
            deflater.write("compressed".getBytes(UTF_8));
        }
        peer.basicPublish(exchange, serverA.serverQueue(), json("application/x-gzip"), bytes.toByteArray());
        assertEquals("compressed", a.text());
        peer.basicPublish(exchange, serverA.serverQueue(), json("application/x-gzip"), "no zlib".getBytes(UTF_8));
        peer.basicPublish(exchange, serverA.serverQueue(), json("application/x-bz2"), "bz2".getBytes(UTF_8));
        peer.basicPublish(exchange, serverA.serverQueue(), json("application/zstd"), "zstd".getBytes(UTF_8));
        a.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    private static AMQP.BasicProperties json(String compression) {
        return new AMQP.BasicProperties.Builder().contentType("application/json")
                .headers(Map.of("compression", compression))
                .build();
    }

    @Test
    void messagesTheBrokerDoesNotTakeAreNotDeliveredAndHarmNoOther() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        // an internal exchange refuses everything that is published to it, and closes the channel
        String internal = unique("internal");
        peer.exchangeDeclare(internal, "topic", false, false, true, Map.of());
        var toInternal = new Address.Topic(internal, "key");
        List<Future<?>> refused = new ArrayList<>();
        List<Future<?>> taken = new ArrayList<>();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                String text = "m" + i;
                taken.add(senders.submit(() -> send(toHostA, text)));
                if (i % 20 == 0) {
                    refused.add(senders.submit(() -> send(toInternal, text)));
                }
            }
        }
        for (Future<?> future : taken) {
            assertEquals(Future.State.SUCCESS, future.state());
        }
        for (Future<?> future : refused) {
            assertEquals(RpcException.NotDelivered.class, future.exceptionNow().getClass());
        }
        assertEquals(100, Set.copyOf(a.texts(100)).size());
    }

    @Test
    void whatTheAccountMayNotDoIsNotDelivered() throws Exception {
        PrivateRabbitNode node = RabbitBroker.restartable().own();
        node.control("add_user", "limited", "secret");
        node.control("set_permissions", "limited", "^allowed.*", "^allowed.*", ".*");
        String allowed = unique("allowed");
        try (Transport limited = RabbitTransports.open(url.replaceFirst("//[^@]*@", "//limited:secret@"))) {
            var failure =
                    assertThrows(RpcException.NotDelivered.class, () -> limited.send(toHostA, message("x"), WITHIN));
            assertTrue(failure.getMessage().contains("ACCESS_REFUSED"), failure.getMessage());
            limited.send(new Address.Topic(allowed, "key"), message("x"), WITHIN);
        } finally {
            node.control("delete_user", "limited");
        }
    }

    @Test
    void wrongCredentialsAreToldToSendersAtOnce() {
        String wrong = url.replaceFirst("//[^@]*@", "//guest:wrong@");
        try (Transport stranger = RabbitTransports.open(wrong)) {
            assertRefused(stranger, "ACCESS_REFUSED");
        }
    }

    @Test
    void anUnknownVirtualHostIsToldToSendersAtOnce() {
        try (Transport lost = RabbitTransports.open(url + unique("vhost"))) {
            assertRefused(lost, "NOT_ALLOWED");
        }
    }

    private void assertRefused(Transport refused, String reason) {
        refused.listen(serverA, Received.acknowledging());
        for (int attempt = 0; attempt < 3; attempt++) {
            var failure = assertThrows(
                    RpcException.NotDelivered.class,
                    () -> refused.send(toHostA, message("never"), Duration.ofDays(1)));
            assertTrue(failure.getMessage().contains(reason), failure.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AMQPLAIN", "PLAIN"})
    void everyLoginMethodWorks(String method) {
        try (Transport other = RabbitTransports.open(url, Map.of("rabbit_login_method", method))) {
            other.send(toHostA, message("hello"), WITHIN);
            assertTrue(other.isConnected());
        }
    }

    @Test
    void theBrokerShowsWhoIsConnected() throws Exception {
        String own = "reseat-test:" + ProcessHandle.current().pid() + ":";
        transport.send(toHostA, Outgoing.of(new byte[0]), WITHIN);
        List<String> names =
                RabbitBroker.restartable().own().control("list_connections", "client_properties").lines().toList();
        assertTrue(names.stream().anyMatch(line -> line.contains(own)), names.toString());
    }
}
