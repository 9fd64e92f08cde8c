package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.testing.CuttableLink;
import dev.reseat.testing.RabbitBroker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that stay open while nothing passes any more, until what is written fills every buffer. */
@Tag("broker")
@Tag("slow")
final class FrozenNetworkIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Duration HASTY = Duration.ofSeconds(3);
    /** What a sender may take longer on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(10);
    /** So many of that size are more than all buffers on the way hold. */
    private static final int LARGE = 4 << 20;
    private static final int MANY = 10;

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final String topic = "topic-" + UUID.randomUUID();
    private final ListenAddress.Server server = new ListenAddress.Server("exchange-" + topic, topic, "host-a");
    private final Address toServer = new Address.Topic(server.exchange(), server.serverQueue());
    private CuttableLink first;
    private CuttableLink second;

    @BeforeEach
    void connect() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.own().port());
        first = new CuttableLink(address);
        first.mend();
        second = new CuttableLink(address);
    }

    @AfterEach
    void close() throws Exception {
        first.close();
        second.close();
    }

    private Transport open(int heartbeat, CuttableLink... links) {
        List<String> hosts = new ArrayList<>();
        for (CuttableLink link : links) {
            hosts.add("guest:guest@127.0.0.1:" + link.port());
        }
        return RabbitTransports.open(
                "rabbit://" + String.join(",", hosts) + "/",
                Map.of("heartbeat_timeout_threshold", String.valueOf(heartbeat)));
    }

    private void send(Transport transport, String text) {
        transport.send(toServer, Outgoing.of(text.getBytes(UTF_8)), WITHIN);
    }

    private record Ended(RpcException how, Duration took) {}

    private Ended sendInVain(Transport transport) {
        long began = System.nanoTime();
        var how = assertThrows(
                RpcException.class, () -> transport.send(toServer, Outgoing.of(new byte[LARGE]), HASTY));
        return new Ended(how, Duration.ofNanos(System.nanoTime() - began));
    }

    private List<Ended> sendMuchInVain(Transport transport) {
        List<CompletableFuture<Ended>> sent = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            sent.add(CompletableFuture.supplyAsync(() -> sendInVain(transport), Thread::startVirtualThread));
        }
        return sent.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void sendersKeepTheirDeadlinesAndEverythingGoesOnAfterwards() throws Exception {
        try (Transport transport = open(2, first)) {
            var received = Received.acknowledging();
            transport.listen(server, received);
            send(transport, "before");
            assertThat(received.text()).isEqualTo("before");

            first.freeze();
            List<Ended> ended = sendMuchInVain(transport);

            assertThat(ended).allMatch(sent -> sent.took().compareTo(HASTY.plus(SLACK)) < 0);
            assertThat(ended).extracting(Ended::how)
                    .hasAtLeastOneElementOfType(OutcomeUnknown.class)
                    .hasAtLeastOneElementOfType(NotDelivered.class)
                    .hasOnlyElementsOfTypes(OutcomeUnknown.class, NotDelivered.class);
            awaitDisconnected(transport);

            first.thaw();
            send(transport, "after");
            String text = received.text();
            while (!text.equals("after")) { // what is unknown may have arrived
                assertThat(text).hasSize(LARGE);
                text = received.text();
            }
        }
    }

    private static void awaitDisconnected(Transport transport) throws InterruptedException {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (transport.isConnected()) {
            assertThat(System.nanoTime()).as("time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** Long before heartbeats would tell. */
    @Test
    void closingTakesSecondsWhileNothingIsRead() throws Exception {
        Transport transport = open(60, first);
        transport.listen(server, Received.acknowledging());
        send(transport, "before");
        first.freeze();
        sendMuchInVain(transport);
        var waiting = CompletableFuture.runAsync(() -> send(transport, "never"), Thread::startVirtualThread);

        var closed = CompletableFuture.runAsync(transport::close, Thread::startVirtualThread);

        closed.get(40, SECONDS);
        var failure = assertThrows(ExecutionException.class, () -> waiting.get(1, SECONDS));
        assertThat(failure).hasCauseInstanceOf(NotDelivered.class);
    }

    @Test
    void bothWaysMoveToTheNextHostAndWhatWasUnderWayArrives() throws Exception {
        try (Transport transport = open(2, first, second)) {
            var received = Received.acknowledging();
            transport.listen(server, received);
            send(transport, "before");
            assertThat(received.text()).isEqualTo("before");

            first.freeze();
            var underWay = CompletableFuture.runAsync(
                    () -> send(transport, "under way"), Thread::startVirtualThread);
            second.mend();

            underWay.get(90, SECONDS);
            String text = nextWithin(received);
            while (text.equals("before")) { // its acknowledgement may not have passed
                text = nextWithin(received);
            }
            assertThat(text).isEqualTo("under way");
            assertThat(transport.isConnected()).isTrue();
        }
    }

    /** The listener may have to try the frozen host once more. */
    private static String nextWithin(Received received) throws InterruptedException {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (received.waiting() == 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        return received.text();
    }

    @Test
    void aQuestionAboutAQueueEndsInTimeAndTheNextOneIsAnsweredAfterTheThaw() throws Exception {
        try (Transport transport = open(60, first)) {
            assertThat(transport.consumers(topic, WITHIN)).isZero();
            first.reset();
            assertThat(transport.consumers(topic, WITHIN)).as("on a new connection").isZero();

            first.freeze();
            long began = System.nanoTime();
            assertThrows(NotDelivered.class, () -> transport.consumers(topic, HASTY));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(HASTY.plus(SLACK));

            first.thaw();
            assertThat(transport.consumers(topic, WITHIN)).isZero();
        }
    }
}
