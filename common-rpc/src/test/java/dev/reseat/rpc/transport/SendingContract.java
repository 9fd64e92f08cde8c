package dev.reseat.rpc.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reseat.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Transport#send} promises, whatever carries the bytes. */
public abstract class SendingContract {
    protected static final Duration WITHIN = Duration.ofSeconds(20);

    /** More than any transport hands to one consumer ahead of its settling. */
    protected static final int MORE_THAN_PREFETCH = 300;

    // names of this test alone: one broker serves many tests
    protected final String exchange = unique("exchange");
    protected final String topic = unique("topic");
    protected final ListenAddress.Server serverA = new ListenAddress.Server(exchange, topic, "host-a");
    protected final ListenAddress.Server serverB = new ListenAddress.Server(exchange, topic, "host-b");
    protected final Address toTopic = new Address.Topic(exchange, topic);
    protected final Address toHostA = new Address.Topic(exchange, topic + ".host-a");

    protected Transport transport;

    /** Opens one more connection to the broker of this test. */
    protected abstract Transport open();

    @BeforeEach
    void openTransport() {
        transport = open();
    }

    @AfterEach
    void closeTransport() {
        transport.close();
    }

    protected static String unique(String what) {
        return what + "-" + UUID.randomUUID();
    }

    protected static Outgoing message(String text) {
        return Outgoing.of(text.getBytes(UTF_8));
    }

    protected void send(Address address, String text) {
        transport.send(address, message(text), WITHIN);
    }

    @Test
    void aMessageReachesTheServerItNames() throws Exception {
        var a = Received.acknowledging();
        var b = Received.acknowledging();
        transport.listen(serverA, a);
        transport.listen(serverB, b);

        send(toHostA, "for a");

        assertEquals("for a", a.text());
        assertEquals(0, b.waiting());
    }

    @Test
    void aMessageCrossesFromOneTransportToAnother() throws Exception {
        var a = Received.acknowledging();
        try (Transport other = open()) {
            other.listen(serverA, a);
            send(toHostA, "across");
            assertEquals("across", a.text());
        }
    }

    @Test
    void aBodyArrivesByteForByte() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        String large = "é\u0000\"\\".repeat(100_000);

        send(toHostA, large);
        send(toHostA, "");

        assertEquals(large, a.text());
        assertEquals("", a.text());
    }

    @Test
    void serversOfOneTopicTakeTurns() throws Exception {
        var a = Received.acknowledging();
        var b = Received.acknowledging();
        transport.listen(serverA, a);
        transport.listen(serverB, b);

        for (int i = 0; i < 10; i++) {
            send(toTopic, "m" + i);
        }

        Set<String> all = new HashSet<>(a.texts(5));
        all.addAll(b.texts(5));
        assertEquals(IntStream.range(0, 10).mapToObj(i -> "m" + i).collect(Collectors.toSet()), all);
    }

    @Test
    void aFanoutReachesEveryServerOnceAndNeedsNone() throws Exception {
        var fanout = new Address.Fanout(topic);
        assertDoesNotThrow(() -> send(fanout, "nobody hears"));
        var a = Received.acknowledging();
        var b = Received.acknowledging();
        transport.listen(serverA, a);
        transport.listen(serverB, b);

        send(fanout, "all");

        assertEquals("all", a.text());
        assertEquals("all", b.text());
        a.nothingBefore(() -> send(toHostA, "marker"), "marker");
    }

    @Test
    void aReplyReachesItsQueue() throws Exception {
        String queue = unique("reply");
        var replies = Received.acknowledging();
        transport.listen(new ListenAddress.Replies(queue), replies);

        transport.send(new Address.Queue(queue), message("answer").asMandatory(), WITHIN);

        assertEquals("answer", replies.text());
    }

    @Test
    void aNotificationWaitsForTheFirstListener() throws Exception {
        send(new Address.Notification(exchange, topic + ".info"), "early");

        var notifications = Received.acknowledging();
        transport.listen(new ListenAddress.Notifications(exchange, topic + ".info"), notifications);

        assertEquals("early", notifications.text());
    }

    @Test
    void aMandatoryMessageWithoutAQueueIsNotDelivered() {
        var nowhere = new Address.Queue(unique("reply"));
        assertThrows(
                RpcException.NotDelivered.class,
                () -> transport.send(nowhere, message("lost").asMandatory(), WITHIN));
        assertThrows(
                RpcException.NotDelivered.class,
                () -> transport.send(toHostA, message("lost").asMandatory(), WITHIN));
    }

    @Test
    void aMessageThatIsNotMandatoryMayVanish() {
        assertDoesNotThrow(() -> send(toHostA, "lost"));
    }

    @Test
    void mandatoryAndOrdinaryMessagesAreToldApartUnderLoad() throws Exception {
        transport.listen(serverA, Received.acknowledging());
        var nowhere = new Address.Queue(unique("reply"));
        List<Future<?>> returned = new ArrayList<>();
        List<Future<?>> delivered = new ArrayList<>();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                String text = "m" + i;
                returned.add(senders.submit(() -> transport.send(nowhere, message(text).asMandatory(), WITHIN)));
                delivered.add(senders.submit(() -> transport.send(toHostA, message(text).asMandatory(), WITHIN)));
            }
        }
        for (Future<?> future : delivered) {
            assertEquals(Future.State.SUCCESS, future.state());
        }
        for (Future<?> future : returned) {
            assertEquals(Future.State.FAILED, future.state());
            assertEquals(RpcException.Undeliverable.class, future.exceptionNow().getClass());
        }
    }

    @Test
    void messagesWaitInTheTopicQueuesAfterTheirListenerHasGone() throws Exception {
        transport.listen(serverA, Received.acknowledging()).close();

        send(toHostA, "to the host");
        send(toTopic, "to the topic");

        var a = Received.acknowledging();
        transport.listen(serverA, a);
        assertEquals(Set.of("to the host", "to the topic"), Set.copyOf(a.texts(2)));
    }

    @Test
    void anExpiredMessageIsNeverDelivered() throws Exception {
        transport.listen(serverA, Received.acknowledging()).close();
        transport.send(toHostA, message("gone").expiringAfter(Duration.ZERO), WITHIN);
        transport.send(toHostA, message("kept").expiringAfter(Duration.ofMinutes(1)), WITHIN);

        var a = Received.acknowledging();
        transport.listen(serverA, a);

        assertEquals("kept", a.text());
    }

    @Test
    void messagesOfOneSenderArriveInOrder() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        List<String> sent = IntStream.range(0, MORE_THAN_PREFETCH).mapToObj(i -> "m" + i).toList();

        sent.forEach(text -> send(toHostA, text));

        assertEquals(sent, a.texts(sent.size()));
    }

    /**
     * Some wait for the confirm and some do not, so that there is something on its way at one time and nothing at
     * another.
     */
    @Test
    void messagesThatNobodyWaitsForArriveInTheOrderOfTheirSenders() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        Set<String> senders = Set.of("one", "two", "three");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            senders.forEach(sender -> threads.execute(() -> {
                for (int i = 0; i < MORE_THAN_PREFETCH; i++) {
                    if (i % (5 + sender.length()) == 0) {
                        send(toHostA, sender + " " + i);
                    } else {
                        transport.publish(toHostA, message(sender + " " + i), _ -> {});
                    }
                }
            }));
        }

        List<String> arrived = a.texts(senders.size() * MORE_THAN_PREFETCH);
        for (String sender : senders) {
            assertEquals(IntStream.range(0, MORE_THAN_PREFETCH).mapToObj(i -> sender + " " + i).toList(),
                    arrived.stream().filter(text -> text.startsWith(sender + " ")).toList());
        }
    }

    @Test
    void manySendersAtOnceLoseNothing() throws Exception {
        var a = Received.acknowledging();
        transport.listen(serverA, a);
        Set<String> sent = IntStream.range(0, 500).mapToObj(i -> "m" + i).collect(Collectors.toSet());
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            sent.forEach(text -> senders.execute(() -> send(toHostA, text)));
        }
        assertEquals(sent, Set.copyOf(a.texts(sent.size())));
    }
}
