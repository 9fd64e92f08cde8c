package dev.reseat.rpc.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of answers whose reply queue is missing. */
final class RepliesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MemoryTransport transport = new MemoryTransport(new MemoryBroker());

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void answersWaitForTheirQueueAndKeepTheirOrder() throws Exception {
        var replies = new Replies(transport, LONG);
        send(replies, "one");
        send(replies, "two");

        var caller = Received.acknowledging();
        transport.listen(new ListenAddress.Replies("reply"), caller);

        assertThat(caller.texts(2)).isEqualTo(List.of("one", "two"));
    }

    @Test
    void aMissingQueueHoldsUpNoWorker() throws Exception {
        var freed = new CountDownLatch(1);

        new Replies(transport, LONG).send("reply", "late".getBytes(UTF_8), freed::countDown);

        assertThat(freed.await(10, SECONDS)).isTrue();
    }

    @Test
    @Timeout(30)
    void drainingEndsWhenTheLastAnswerHasLeft() throws Exception {
        var replies = new Replies(transport, LONG);
        assertThat(replies.drain(Deadline.after(Duration.ZERO))).isTrue();
        send(replies, "one");
        assertThat(replies.drain(Deadline.after(Duration.ofMillis(300)))).isFalse();

        var caller = Received.acknowledging();
        transport.listen(new ListenAddress.Replies("reply"), caller);

        assertThat(replies.drain(Deadline.after(LONG))).isTrue();
        assertThat(caller.text()).isEqualTo("one");
    }

    @Test
    @Timeout(30)
    void drainingEndsWhenTheCallerIsTakenForGone() {
        var replies = new Replies(transport, Duration.ZERO);
        send(replies, "dropped");

        assertThat(replies.drain(Deadline.after(LONG))).isTrue();
    }

    @Test
    @Timeout(30)
    void aQueueThatStaysMissingIsNotTriedAgainSoon() throws Exception {
        var obsolete = new ObsoleteQueues();
        var replies = new Replies(transport, Duration.ZERO, obsolete);
        send(replies, "dropped");
        while (!obsolete.contains("reply")) {
            Thread.onSpinWait();
        }

        var caller = Received.acknowledging();
        transport.listen(new ListenAddress.Replies("reply"), caller);
        send(replies, "dropped too");

        var others = new Replies(transport, LONG);
        caller.nothingBefore(() -> send(others, "marker"), "marker");
    }

    @Test
    void onlyTheLatestMissingQueuesAreRemembered() {
        var obsolete = new ObsoleteQueues();

        IntStream.rangeClosed(0, 200).forEach(i -> obsolete.add("reply_" + i));

        assertThat(obsolete.contains("reply_0")).isFalse();
        assertThat(IntStream.rangeClosed(1, 200)).allMatch(i -> obsolete.contains("reply_" + i));
    }

    private static void send(Replies replies, String text) {
        replies.send("reply", text.getBytes(UTF_8), () -> {});
    }
}
