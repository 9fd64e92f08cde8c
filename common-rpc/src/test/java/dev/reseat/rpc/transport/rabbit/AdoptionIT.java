package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.testing.RabbitBroker;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * What exists on the broker with other flags or arguments than ours is used as it is, with a warning: a service that is
 * upgraded or set otherwise than its neighbours goes on working.
 */
@Tag("broker")
final class AdoptionIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Map<String, Object> NONE = Map.of();
    private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");
    private static final Map<String, Object> STREAM = Map.of("x-queue-type", "stream");
    private static final Map<String, String> DEFAULTS = Map.of();
    private static final Map<String, String> DURABLE = Map.of("amqp_durable_queues", "true");
    private static final Map<String, String> AUTO_DELETE = Map.of("amqp_auto_delete", "true");
    private static final Map<String, String> AS_QUORUM = Map.of("rabbit_quorum_queue", "true");
    private static final Map<String, String> TRANSIENT_QUORUM = Map.of("rabbit_transient_quorum_queue", "true");

    private final RabbitBroker broker = RabbitBroker.running();
    private final String topic = "topic-" + UUID.randomUUID();
    private final String exchange = "exchange-" + topic;
    private final ListenAddress.Server server = new ListenAddress.Server(exchange, topic, "host-a");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger topologyLog = (Logger) LoggerFactory.getLogger(Topology.class.getName());
    private Connection connection;
    private Channel peer;

    /** @param setting our options */
    record Case(boolean durable, boolean autoDelete, Map<String, Object> arguments, Map<String, String> setting) {}

    @BeforeEach
    void connect() throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(URI.create(broker.transportUrl().replace("rabbit:", "amqp:").replaceAll("/$", "")));
        connection = factory.newConnection("peer");
        peer = connection.createChannel();
        logged.start();
        topologyLog.addAppender(logged);
    }

    @AfterEach
    void close() throws Exception {
        topologyLog.detachAppender(logged);
        connection.close();
    }

    private void assertWarnedOf(String what) {
        assertThat(logged.list).filteredOn(event -> event.getFormattedMessage().startsWith(what + " is used as it is"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN))
                .allSatisfy(event -> assertThat(event.getFormattedMessage()).contains("inequivalent arg"));
    }

    static Stream<Case> queues() {
        return Stream.of(
                new Case(true, false, NONE, DEFAULTS),
                new Case(false, false, NONE, DURABLE),
                new Case(false, true, NONE, DEFAULTS),
                new Case(false, false, NONE, AUTO_DELETE),
                new Case(true, false, QUORUM, DEFAULTS),
                new Case(true, false, QUORUM, DURABLE),
                new Case(true, false, NONE, AS_QUORUM),
                new Case(
                        true, false, QUORUM,
                        Map.of("rabbit_quorum_queue", "true", "rabbit_quorum_delivery_limit", "3")),
                new Case(true, false, STREAM, DURABLE),
                new Case(false, false, Map.of("x-expires", 60_000), DEFAULTS),
                new Case(false, false, Map.of("x-max-length", 100), DURABLE));
    }

    @ParameterizedTest
    @MethodSource("queues")
    void anotherQueueOfTheTopicIsAdopted(Case other) throws Exception {
        peer.queueDeclare(topic, other.durable(), false, other.autoDelete(), other.arguments());
        try (Transport transport = RabbitTransports.open(broker.transportUrl(), other.setting())) {
            var received = Received.acknowledging();
            transport.listen(server, received);
            transport.send(new Address.Topic(exchange, topic), message("adopted"), WITHIN);

            assertThat(received.text()).isEqualTo("adopted");
            assertWarnedOf("queue " + topic);
        }
    }

    static Stream<Case> replyQueues() {
        return Stream.of(
                new Case(true, false, Map.of("x-expires", 1_800_000), DEFAULTS),
                new Case(false, false, Map.of("x-expires", 60_000), DEFAULTS),
                new Case(false, false, NONE, DEFAULTS),
                new Case(false, false, Map.of("x-expires", 1_800_000), Map.of("rabbit_transient_queues_ttl", "0")),
                new Case(false, true, Map.of("x-expires", 1_800_000), DEFAULTS),
                new Case(true, false, Map.of("x-queue-type", "quorum", "x-expires", 1_800_000), DEFAULTS),
                new Case(false, false, Map.of("x-expires", 1_800_000), TRANSIENT_QUORUM));
    }

    @ParameterizedTest
    @MethodSource("replyQueues")
    void anotherReplyQueueIsAdopted(Case other) throws Exception {
        String replies = "reply_" + topic;
        peer.queueDeclare(replies, other.durable(), false, other.autoDelete(), other.arguments());
        try (Transport transport = RabbitTransports.open(broker.transportUrl(), other.setting())) {
            var received = Received.acknowledging();
            transport.listen(new ListenAddress.Replies(replies), received);
            transport.send(new Address.Queue(replies), message("adopted"), WITHIN);

            assertThat(received.text()).isEqualTo("adopted");
            assertWarnedOf("queue " + replies);
        }
    }

    static Stream<Case> exchanges() {
        return Stream.of(
                new Case(true, false, NONE, DEFAULTS),
                new Case(false, false, NONE, DURABLE),
                new Case(false, true, NONE, DEFAULTS),
                new Case(false, false, NONE, AUTO_DELETE),
                new Case(false, false, Map.of("alternate-exchange", "amq.fanout"), DEFAULTS));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void anotherControlExchangeIsAdopted(Case other) throws Exception {
        peer.exchangeDeclare(exchange, "topic", other.durable(), other.autoDelete(), other.arguments());
        try (Transport listening = RabbitTransports.open(broker.transportUrl(), other.setting());
                Transport sending = RabbitTransports.open(broker.transportUrl(), other.setting())) {
            var received = Received.acknowledging();
            listening.listen(server, received);
            assertWarnedOf("exchange " + exchange);
            logged.list.clear();

            sending.send(new Address.Topic(exchange, topic), message("1"), WITHIN);
            sending.send(new Address.Topic(exchange, server.serverQueue()), message("2"), WITHIN);
            sending.send(new Address.Notification(exchange, "key-" + topic), message("3"), WITHIN);

            assertThat(received.texts(2)).containsExactlyInAnyOrder("1", "2");
            assertWarnedOf("exchange " + exchange);
        }
    }

    static Stream<Case> fanouts() {
        return Stream.of(
                new Case(true, true, NONE, DEFAULTS),
                new Case(false, true, NONE, TRANSIENT_QUORUM),
                new Case(false, false, NONE, DEFAULTS));
    }

    @ParameterizedTest
    @MethodSource("fanouts")
    void anotherFanoutExchangeIsAdopted(Case other) throws Exception {
        peer.exchangeDeclare(topic + "_fanout", "fanout", other.durable(), other.autoDelete(), other.arguments());
        try (Transport listening = RabbitTransports.open(broker.transportUrl(), other.setting());
                Transport sending = RabbitTransports.open(broker.transportUrl(), other.setting())) {
            var received = Received.acknowledging();
            listening.listen(server, received);
            assertWarnedOf("exchange " + topic + "_fanout");

            sending.send(new Address.Fanout(topic), message("to all"), WITHIN);

            assertThat(received.text()).isEqualTo("to all");
        }
    }

    static Stream<Case> streams() {
        Map<String, String> stream = Map.of("rabbit_stream_fanout", "true", "rabbit_transient_quorum_queue", "true");
        return Stream.of(new Case(true, false, NONE, stream), new Case(true, false, QUORUM, stream));
    }

    /** The offset that a stream needs is refused by other queues. */
    @ParameterizedTest
    @MethodSource("streams")
    void aQueueInTheStreamsPlaceIsAdopted(Case other) throws Exception {
        peer.queueDeclare(topic + "_fanout", other.durable(), false, other.autoDelete(), other.arguments());
        try (Transport transport = RabbitTransports.open(broker.transportUrl(), other.setting())) {
            var received = Received.acknowledging();
            transport.listen(server, received);
            transport.send(new Address.Fanout(topic), message("to all"), WITHIN);

            assertThat(received.text()).isEqualTo("to all");
            assertWarnedOf("queue " + topic + "_fanout");
        }
    }

    static Stream<Case> cancelled() {
        Map<String, String> cancelled = Map.of("enable_cancel_on_failover", "true");
        return Stream.of(
                new Case(true, false, QUORUM, cancelled),
                new Case(
                        true, false, QUORUM,
                        Map.of("enable_cancel_on_failover", "true", "rabbit_quorum_queue", "true")));
    }

    /** They refuse consumers that want to be told of a failover, which upstream's servers cannot get over. */
    @ParameterizedTest
    @MethodSource("cancelled")
    void aQuorumQueueIsConsumedWhateverIsSaidOfFailovers(Case other) throws Exception {
        peer.queueDeclare(topic, other.durable(), false, other.autoDelete(), other.arguments());
        try (Transport transport = RabbitTransports.open(broker.transportUrl(), other.setting())) {
            var received = Received.acknowledging();
            transport.listen(server, received);
            transport.send(new Address.Topic(exchange, topic), message("consumed"), WITHIN);
            assertThat(received.text()).isEqualTo("consumed");
        }
    }

    private static Outgoing message(String text) {
        return Outgoing.of(text.getBytes(UTF_8)).asMandatory();
    }
}
