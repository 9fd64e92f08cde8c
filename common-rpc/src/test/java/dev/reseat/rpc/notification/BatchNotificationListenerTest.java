package dev.reseat.rpc.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.notification.BatchNotificationListener.Batch;
import dev.reseat.rpc.notification.Notification.Priority;
import dev.reseat.rpc.notification.NotificationConfig.Driver;
import dev.reseat.rpc.notification.NotificationEndpoint.Result;
import dev.reseat.rpc.notification.NotificationListener.Requeue;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Service.Drained;
import dev.reseat.testing.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchNotificationListenerTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final Notifier notifier = new Notifier(
            transport, codec, "cinder", new NotificationConfig(Set.of(Driver.MESSAGINGV2), List.of("notes"), -1));
    private final BlockingQueue<List<String>> seen = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        transport.close();
    }

    private void publish(Priority priority, String... events) {
        for (String event : events) {
            notifier.publish(new Notification(UUID.randomUUID(), "volume.host-1", event, priority, Map.of(),
                    Instant.now(), RequestContext.of("u1", "p1", false, "req-1")), WITHIN);
        }
    }

    /** Tells its name and the events of every batch. */
    private BatchNotificationEndpoint endpoint(
            String name, NotificationFilter filter, BatchNotificationEndpoint.Handler handler, Priority... priorities) {
        return new BatchNotificationEndpoint(Set.of(priorities), filter, batch -> {
            seen.add(batch.stream().map(one -> name + " " + one.eventType().orElse("-")).toList());
            return handler.handle(batch);
        });
    }

    private BatchNotificationEndpoint endpoint(String name, Priority... priorities) {
        return endpoint(name, NotificationFilter.ALL, _ -> Result.HANDLED, priorities);
    }

    private BatchNotificationListener listen(Requeue requeue, Batch batch, BatchNotificationEndpoint... endpoints) {
        var listener = new BatchNotificationListener(transport, codec, List.of(Target.of("cinder", "notes")),
                Optional.empty(), List.of(endpoints), requeue, batch);
        listener.start();
        return listener;
    }

    private List<String> next() throws InterruptedException {
        return seen.poll(10, SECONDS);
    }

    @Test
    void aFullBatchIsHandledAtOnceAndTheRestWhenItsTimeIsOver() throws Exception {
        publish(Priority.INFO, "1", "2", "3", "4", "5");
        listen(Requeue.NEVER, new Batch(2, SHORT), endpoint("a", Priority.INFO));

        assertThat(List.of(next(), next(), next()))
                .containsExactly(List.of("a 1", "a 2"), List.of("a 3", "a 4"), List.of("a 5"));
    }

    @Test
    void eachPriorityIsABatchOfItsOwnInTheOrderOfTheirNames() throws Exception {
        publish(Priority.INFO, "1", "2");
        publish(Priority.ERROR, "3");
        listen(Requeue.NEVER, new Batch(3, LONG), endpoint("a", Priority.INFO, Priority.ERROR),
                endpoint("b", Priority.INFO));

        assertThat(List.of(next(), next(), next()))
                .containsExactly(List.of("a 3"), List.of("a 1", "a 2"), List.of("b 1", "b 2"));
    }

    @Test
    void anEndpointIsNotAskedAboutNothing() throws Exception {
        publish(Priority.INFO, "1", "2");
        listen(Requeue.NEVER, new Batch(2, LONG),
                endpoint("none", NotificationFilter.ALL.eventType("x"), _ -> Result.REQUEUE, Priority.INFO),
                endpoint("second", NotificationFilter.ALL.eventType("2"), _ -> Result.HANDLED, Priority.INFO));

        assertThat(next()).containsExactly("second 2");
    }

    @Test
    void aWholePriorityIsRequeuedAndLaterEndpointsSeeItThenOnly() throws Exception {
        var tries = new AtomicInteger();
        publish(Priority.INFO, "1", "2");
        publish(Priority.ERROR, "3");
        listen(Requeue.ALLOWED, new Batch(3, SHORT),
                endpoint("first", NotificationFilter.ALL.eventType("1"), _ -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new IllegalStateException("cannot yet");
                    }
                    return Result.HANDLED;
                }, Priority.INFO),
                endpoint("second", Priority.INFO, Priority.ERROR));

        assertThat(List.of(next(), next(), next()))
                .containsExactly(List.of("second 3"), List.of("first 1"), List.of("first 1"));
        assertThat(next()).containsExactlyInAnyOrder("second 1", "second 2");
    }

    @Test
    void whatFailsIsLoggedAndDroppedUnlessRequeueIsAllowed() throws Exception {
        try (CapturedLog log = CapturedLog.of("dev.reseat.rpc.notification")) {
            publish(Priority.INFO, "1", "2", "3");
            listen(Requeue.NEVER, new Batch(2, SHORT), endpoint("a", NotificationFilter.ALL, _ -> {
                throw new IllegalStateException("cannot");
            }, Priority.INFO));

            assertThat(List.of(next(), next())).containsExactly(List.of("a 1", "a 2"), List.of("a 3"));
            assertThat(log.lines("ERROR")).first().asString().contains("handling 2 notifications", "cannot");
        }
    }

    @Test
    void oddMessagesAndDuplicatesCountForNothing() throws Exception {
        listen(Requeue.ALLOWED, new Batch(2, LONG), endpoint("a", Priority.INFO));
        byte[] once = codec.notification(Map.of("priority", "INFO", "event_type", "once"), RequestContext.admin());
        for (byte[] body : List.of("{".getBytes(UTF_8), "{\"priority\": \"loud\"}".getBytes(UTF_8), once, once)) {
            transport.send(new Address.Notification("cinder", "notes.info"), Outgoing.of(body), WITHIN);
        }
        publish(Priority.INFO, "good");

        assertThat(next()).containsExactly("a once", "a good");
    }

    @Test
    void drainingHandlesWhatHasArrivedAndTakesNoMore() throws Exception {
        BatchNotificationListener listener =
                listen(Requeue.NEVER, new Batch(100, LONG), endpoint("a", Priority.INFO));
        publish(Priority.INFO, "1");

        assertThat(listener.drain(WITHIN)).isEqualTo(Drained.CLEAN);
        listener.stop();
        publish(Priority.INFO, "2");
        listen(Requeue.NEVER, new Batch(1, LONG), endpoint("a", Priority.INFO));

        // "1" may have been on its way still: then it went back to its queue
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder(List.of("a 1"), List.of("a 2"));
    }

    @Test
    void drainingWaitsNoLongerThanItMay() throws Exception {
        var goOn = new CountDownLatch(1);
        publish(Priority.INFO, "1", "2");
        BatchNotificationListener listener =
                listen(Requeue.NEVER, new Batch(1, LONG), endpoint("slow", NotificationFilter.ALL, _ -> {
                    try {
                        return goOn.await(10, SECONDS) ? Result.HANDLED : Result.REQUEUE;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }, Priority.INFO));
        assertThat(next()).containsExactly("slow 1");

        assertThat(listener.drain(Duration.ofMillis(50))).isEqualTo(Drained.FORCED);
        goOn.countDown();
        listener.stop();
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Batch(0, LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Batch(1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Batch(100, LONG).atMost(64)).isEqualTo(new Batch(64, LONG));
        assertThat(new Batch(10, LONG).atMost(64)).isEqualTo(new Batch(10, LONG));
    }
}
