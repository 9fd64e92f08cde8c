package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.testing.FrozenProcess;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens when the broker goes and comes back. */
@Tag("broker")
final class RabbitReconnectIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final String topic = "topic-" + UUID.randomUUID();
    private final ListenAddress.Server server = new ListenAddress.Server("exchange-" + topic, topic, "host-a");
    private final Address toServer = new Address.Topic(server.exchange(), server.serverQueue());
    private final Transport transport = RabbitTransports.open(broker.transportUrl());

    @AfterEach
    void close() {
        broker.start();
        transport.close();
    }

    private static Outgoing message(String text) {
        return Outgoing.of(text.getBytes(UTF_8));
    }

    /** Until the listener has its queue again, a mandatory message is returned. */
    private void sendUntilTaken(Address address, String text) {
        long end = System.nanoTime() + WITHIN.toNanos();
        while (true) {
            try {
                transport.send(address, message(text).asMandatory(), WITHIN);
                return;
            } catch (RpcException.NotDelivered e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    @Test
    void everythingComesBackUnderItsNameAfterACrash() throws Exception {
        var requests = Received.acknowledging();
        var replies = Received.acknowledging();
        String replyQueue = "reply_" + UUID.randomUUID();
        transport.listen(server, requests);
        transport.listen(new ListenAddress.Replies(replyQueue), replies);
        transport.send(toServer, message("before"), WITHIN);
        assertEquals("before", requests.text());

        broker.kill();
        broker.start();

        sendUntilTaken(new Address.Queue(replyQueue), "reply");
        sendUntilTaken(toServer, "request");
        sendUntilTaken(new Address.Fanout(topic), "fanout");
        assertEquals("reply", replies.text());
        assertEquals("request", requests.text());
        assertEquals("fanout", requests.text());
        assertTrue(transport.isConnected());
    }

    @Tag("slow")
    @Test
    void confirmedMessagesToDurableQueuesSurviveACrashUnderLoad() throws Exception {
        try (Transport durable =
                RabbitTransports.open(broker.transportUrl(), Map.of("amqp_durable_queues", "true"))) {
            Set<String> received = ConcurrentHashMap.newKeySet();
            var all = new CompletableFuture<Void>();
            durable.listen(server, delivery -> {
                received.add(new String(delivery.body(), UTF_8));
                if (received.contains("marker")) {
                    all.complete(null);
                }
                acknowledgeIfPossible(delivery);
            });
            Set<String> sent = new HashSet<>();
            List<Future<?>> results = new ArrayList<>();
            var crashed = new CountDownLatch(1);
            try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2_000; i++) {
                    String text = "m" + i;
                    sent.add(text);
                    results.add(senders.submit(() -> durable.send(toServer, message(text).asMandatory(), WITHIN)));
                    if (i == 500) {
                        senders.execute(() -> {
                            broker.kill();
                            crashed.countDown();
                        });
                    }
                }
                assertTrue(crashed.await(30, SECONDS));
                broker.start();
            }
            for (Future<?> result : results) {
                assertEquals(Future.State.SUCCESS, result.state());
            }
            // what was sent before is received before: when the marker is there, the rest is
            durable.send(toServer, message("marker"), WITHIN);
            sent.add("marker");
            all.get(60, SECONDS);
            assertEquals(sent, received);
        }
    }

    private static void acknowledgeIfPossible(Delivery delivery) {
        try {
            delivery.acknowledge();
        } catch (IllegalStateException e) {
            assertFalse(e.getMessage().contains("settled"), e.getMessage());
        }
    }

    @Test
    void aQueueDeletedUnderItsConsumerIsDeclaredAgain() throws Exception {
        var requests = Received.acknowledging();
        transport.listen(server, requests);

        broker.own().control("delete_queue", server.serverQueue());

        sendUntilTaken(toServer, "after");
        assertEquals("after", requests.text());
    }

    @Tag("slow")
    @Test
    void aListenerBeginsWhenTheBrokerComesUp() throws Exception {
        broker.stop();
        var requests = Received.acknowledging();

        transport.listen(server, requests);

        assertFalse(transport.isConnected());
        broker.start();
        sendUntilTaken(toServer, "at last");
        assertEquals("at last", requests.text());
    }

    @Test
    void aSenderIsToldThatNothingWasSentWhileTheBrokerIsDown() {
        broker.stop();
        assertThrows(
                RpcException.NotDelivered.class,
                () -> transport.send(toServer, message("never"), Duration.ofMillis(300)));
    }

    @Tag("slow")
    @Test
    void aSenderWaitsForTheBrokerToComeUp() throws Exception {
        broker.stop();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> result = senders.submit(() -> transport.send(toServer, message("patient"), WITHIN));
            broker.start();
            result.get(60, SECONDS);
        }
    }

    @Test
    void aMessageWrittenToAFrozenBrokerHasAnUnknownOutcome() throws Exception {
        transport.send(toServer, message("connects"), WITHIN);
        long pid = broker.own().beam().orElseThrow().pid();
        FrozenProcess.freeze(pid);
        try {
            assertThrows(
                    RpcException.OutcomeUnknown.class,
                    () -> transport.send(toServer, message("on its way"), Duration.ofMillis(500)));
        } finally {
            FrozenProcess.thaw(pid);
        }
        transport.send(toServer, message("goes on"), WITHIN);
    }

    @Test
    void whileTheBrokerBlocksPublishersMessagesWaitUnsent() throws Exception {
        transport.send(toServer, message("connects"), WITHIN);
        broker.own().control("set_vm_memory_high_watermark", "absolute", "1");
        try {
            // the broker blocks a connection when it publishes: the first message is on its way, the next is not
            assertThrows(
                    RpcException.OutcomeUnknown.class,
                    () -> transport.send(toServer, message("first"), Duration.ofSeconds(2)));
            assertThrows(
                    RpcException.NotDelivered.class,
                    () -> transport.send(toServer, message("next"), Duration.ofMillis(100)));
        } finally {
            broker.own().control("set_vm_memory_high_watermark", "0.4");
        }
        transport.send(toServer, message("goes on"), WITHIN);
    }

    @Test
    void aDeliveryCannotBeAcknowledgedAfterTheConnectionIsLost() throws Exception {
        var holding = Received.holding();
        transport.listen(server, holding);
        transport.send(toServer, message("held"), WITHIN);
        Delivery delivery = holding.next();

        broker.own().control("close_all_connections", "test");

        sendUntilTaken(toServer, "after");
        Delivery again = holding.next();
        assertThrows(IllegalStateException.class, delivery::acknowledge);
        assertEquals("held", new String(again.body(), UTF_8));
        again.acknowledge();
    }

    @Test
    void closingWhileTheBrokerIsDownTellsTheSenders() throws Exception {
        broker.stop();
        var started = new CountDownLatch(1);
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            transport.listen(server, Received.acknowledging());
            Future<?> result = senders.submit(() -> {
                started.countDown();
                transport.send(toServer, message("never"), WITHIN);
            });
            assertTrue(started.await(20, SECONDS));
            transport.close();
            var failure = assertThrows(ExecutionException.class, () -> result.get(20, SECONDS));
            assertInstanceOf(RpcException.NotDelivered.class, failure.getCause());
        }
    }

    @Test
    void theNextHostIsTriedWhenOneIsDown() throws Exception {
        String urls = broker.transportUrl().replaceFirst("@", "@127.0.0.1:1,guest:guest@");
        try (Transport two = RabbitTransports.open(urls)) {
            var requests = Received.acknowledging();
            two.listen(server, requests);
            two.send(toServer, message("found"), WITHIN);
            assertEquals("found", requests.text());
        }
    }
}
