package dev.reseat.rpc.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What {@link Transport} promises, whatever carries the bytes: sending, and what is added here, listening. */
public abstract class TransportContract extends SendingContract {
    @Test
    void whoConsumesFromAQueueIsCounted() {
        assertEquals(0, transport.consumers(serverA.serverQueue(), WITHIN));
        Transport.Listener first = transport.listen(serverA, Received.acknowledging());
        try (Transport other = open()) {
            other.listen(serverA, Received.acknowledging());
            other.listen(serverB, Received.acknowledging());
            assertEquals(2, transport.consumers(serverA.serverQueue(), WITHIN));
            assertEquals(3, transport.consumers(topic, WITHIN));
        }

        first.close();

        assertEquals(0, transport.consumers(serverA.serverQueue(), WITHIN), "the queue outlives its service");
    }

    @Test
    void askingForConsumersMakesNoQueue() {
        assertEquals(0, transport.consumers(serverA.serverQueue(), WITHIN));
        assertEquals(0, transport.consumers(serverA.serverQueue(), WITHIN));

        Outgoing mandatory = message("nobody").asMandatory();
        assertThrows(RpcException.Undeliverable.class,
                () -> transport.send(new Address.Queue(serverA.serverQueue()), mandatory, WITHIN));
    }

    @Test
    void aClosedTransportDoesNotTellWhoConsumes() {
        transport.close();
        assertThrows(RpcException.NotDelivered.class, () -> transport.consumers(topic, WITHIN));
    }

    @Test
    void anExpiredMessageNeverArrives() throws Exception {
        transport.listen(serverA, Received.acknowledging()).stop(); // the queue stays
        transport.send(toHostA, message("expired").expiringAfter(Duration.ZERO), WITHIN);
        transport.send(toHostA, message("lives").expiringAfter(Duration.ofMinutes(10)), WITHIN);
        send(toHostA, "for ever");

        Received received = Received.acknowledging();
        transport.listen(serverA, received);

        assertEquals(List.of("lives", "for ever"), received.texts(2));
    }

    @Test
    void aReceiverSeesWithWhatExpirationAMessageWasPublished() throws Exception {
        Received received = Received.acknowledging();
        transport.listen(serverA, received);

        transport.send(toHostA, message("a minute").expiringAfter(Duration.ofSeconds(60)), WITHIN);
        send(toHostA, "for ever");

        assertEquals(Optional.of(Duration.ofSeconds(60)), received.next().expiration());
        assertEquals(Optional.empty(), received.next().expiration());
    }

    @Test
    void aRejectedMessageIsDroppedForGood() throws Exception {
        var first = Received.holding();
        Transport.Listener listener = transport.listen(serverA, first);
        send(toHostA, "bad");
        first.next().reject();
        listener.close();

        var second = Received.acknowledging();
        transport.listen(serverA, second);
        second.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    @Test
    void aReceiverThatThrowsRejectsTheMessageAndGoesOn() throws Exception {
        var second = new CompletableFuture<String>();
        Transport.Listener listener = transport.listen(serverA, delivery -> {
            if (new String(delivery.body(), UTF_8).equals("bad")) {
                throw new IllegalArgumentException("cannot read it");
            }
            delivery.acknowledge();
            second.complete(new String(delivery.body(), UTF_8));
        });
        send(toHostA, "bad");
        send(toHostA, "good");
        assertEquals("good", second.get(20, SECONDS));
        listener.close();

        var later = Received.acknowledging();
        transport.listen(serverA, later);
        later.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    @Test
    void unsettledMessagesGoBackInOrderWhenTheListenerStops() throws Exception {
        var holding = Received.holding();
        Transport.Listener listener = transport.listen(serverA, holding);
        for (String text : List.of("one", "two", "three")) {
            send(toHostA, text);
        }
        Delivery one = holding.next();
        Delivery two = holding.next();
        two.acknowledge();
        holding.next();

        listener.stop();

        assertThrows(IllegalStateException.class, one::acknowledge);
        var next = Received.acknowledging();
        transport.listen(serverA, next);
        assertEquals(List.of("one", "three"), next.texts(2));
    }

    @Test
    void whatIsAcknowledgedTogetherIsGoneAndNothingElse() throws Exception {
        takeAll(List.of("one", "two", "three", "four", "five", "six"), taken -> {
            taken.get(1).acknowledge();
            taken.get(0).acknowledge();
            taken.get(3).acknowledge();
            taken.get(4).reject();
        });
        takeAll(List.of("seven"), taken -> {
            assertEquals(List.of("three", "six", "seven"), taken.stream().map(Received::textOf).toList());
            taken.forEach(Delivery::acknowledge);
            assertThrows(IllegalStateException.class, taken.getFirst()::acknowledge);
        });

        var later = Received.acknowledging();
        transport.listen(serverA, later);
        later.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    /** Listens, sends, settles in one piece what has come when the last of these has, and stops. */
    private void takeAll(List<String> texts, Consumer<List<Delivery>> settling) throws Exception {
        List<Delivery> taken = new ArrayList<>();
        var settled = new CompletableFuture<Void>();
        Transport.Listener listener = transport.listenInBatches(serverA, arrivals -> {
            for (var next = arrivals.poll(); next.isPresent(); next = arrivals.poll()) {
                taken.add(next.get());
            }
            if (!Received.textOf(taken.getLast()).equals(texts.getLast())) {
                return;
            }
            try {
                arrivals.together(() -> settling.accept(taken));
                settled.complete(null);
            } catch (RuntimeException | AssertionError e) {
                settled.completeExceptionally(e);
            }
        });
        for (String text : texts) {
            send(toHostA, text);
        }
        settled.get(20, SECONDS);
        listener.close();
    }

    @Test
    void headersArriveBesideTheBody() throws Exception {
        var received = Received.acknowledging();
        transport.listen(serverA, received);
        byte[] body = "traced".getBytes(UTF_8);
        var headers = Map.of("traceparent", "00-1");
        transport.send(toHostA, new Outgoing(body, Optional.empty(), true, -1, headers), WITHIN);

        Delivery delivery = received.next();

        assertEquals(Optional.of("00-1"), delivery.header("traceparent"));
        assertEquals(Optional.empty(), delivery.header("tracestate"));
    }

    @Test
    void aSettledDeliveryCannotBeAcknowledgedAgain() throws Exception {
        var holding = Received.holding();
        transport.listen(serverA, holding);
        send(toHostA, "once");
        Delivery delivery = holding.next();

        delivery.acknowledge();

        assertThrows(IllegalStateException.class, delivery::acknowledge);
        assertDoesNotThrow(delivery::reject);
        holding.nothingBefore(() -> send(toHostA, "the channel has survived"), "the channel has survived");
    }

    @Test
    void oneMessageAtATimeIsHandedOver() throws Exception {
        var running = new AtomicInteger();
        var overlap = new AtomicBoolean();
        var all = new CountDownLatch(50);
        transport.listen(serverA, delivery -> {
            if (running.incrementAndGet() > 1) {
                overlap.set(true);
            }
            delivery.acknowledge();
            running.decrementAndGet();
            all.countDown();
        });
        for (int i = 0; i < 25; i++) {
            send(toHostA, "host " + i);
            send(toTopic, "topic " + i);
        }
        assertTrue(all.await(20, SECONDS));
        assertFalse(overlap.get());
    }

    @Test
    void aBlockedReceiverLeavesTheRestToOthers() throws Exception {
        var release = new CountDownLatch(1);
        var blocked = new CountDownLatch(1);
        Transport.Listener busy = transport.listen(serverA, delivery -> {
            blocked.countDown();
            awaitQuietly(release);
            delivery.acknowledge();
        });
        for (int i = 0; i < MORE_THAN_PREFETCH; i++) {
            send(toTopic, "m" + i);
        }
        assertTrue(blocked.await(20, SECONDS));

        var b = Received.acknowledging();
        transport.listen(serverB, b);
        b.texts(MORE_THAN_PREFETCH / 2);

        release.countDown();
        busy.stop();
    }

    @Test
    void stopWaitsForTheReceiver() throws Exception {
        var release = new CountDownLatch(1);
        var running = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        Transport.Listener listener = transport.listen(serverA, delivery -> {
            delivery.acknowledge();
            running.countDown();
            awaitQuietly(release);
            ended.set(true);
        });
        send(toHostA, "long");
        assertTrue(running.await(20, SECONDS));
        var stopped = CompletableFuture.supplyAsync(
                () -> {
                    listener.stop();
                    return ended.get();
                },
                Thread::startVirtualThread);

        release.countDown();

        assertTrue(stopped.get(20, SECONDS), "stop returned while the receiver was running");
    }

    @Test
    void aReceiverMayStopItsOwnListener() throws Exception {
        var listener = new CompletableFuture<Transport.Listener>();
        var stopped = new CompletableFuture<Boolean>();
        listener.complete(transport.listen(serverA, delivery -> {
            delivery.acknowledge();
            listener.join().stop();
            stopped.complete(true);
        }));
        send(toHostA, "stop");
        assertTrue(stopped.get(20, SECONDS));
        send(toHostA, "later");

        var next = Received.acknowledging();
        transport.listen(serverA, next);
        assertEquals("later", next.text());
    }

    @Test
    void theFanoutQueueGoesWithItsListener() {
        var fanout = new Address.Fanout(topic);
        Transport.Listener listener = transport.listen(serverA, Received.acknowledging());
        assertDoesNotThrow(() -> transport.send(fanout, message("heard").asMandatory(), WITHIN));

        listener.stop();
        assertDoesNotThrow(() -> transport.send(fanout, message("waits").asMandatory(), WITHIN));
        listener.close();
        listener.close();

        assertThrows(
                RpcException.NotDelivered.class,
                () -> transport.send(fanout, message("nobody").asMandatory(), WITHIN));
    }

    @Test
    void closingEndsListenersAndRefusesMore() {
        Transport.Listener listener = transport.listen(serverA, Received.acknowledging());
        assertTrue(transport.isConnected());

        transport.close();
        transport.close();

        assertFalse(transport.isConnected());
        assertDoesNotThrow(listener::close);
        assertThrows(RpcException.NotDelivered.class, () -> send(toHostA, "late"));
        assertThrows(
                IllegalStateException.class, () -> transport.listen(serverB, Received.acknowledging()));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
