package dev.reseat.rpc.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NotificationListenerTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final Notifier notifier = new Notifier(
            transport, codec, "cinder", new NotificationConfig(Set.of(Driver.MESSAGINGV2), List.of("notes"), -1));
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        transport.close();
    }

    private void publish(String event, Priority priority) {
        notifier.publish(notification(event, priority, Map.of("state", "active")), WITHIN);
    }

    private static Notification notification(String event, Priority priority, Map<String, Object> payload) {
        return new Notification(
                UUID.randomUUID(), "volume.host-1", event, priority, payload, Instant.now(),
                RequestContext.of("u1", "p1", false, "req-1"));
    }

    private NotificationEndpoint endpoint(String name, NotificationFilter filter, Priority... priorities) {
        return endpoint(name, filter, _ -> Result.HANDLED, priorities);
    }

    private NotificationEndpoint endpoint(
            String name, NotificationFilter filter, NotificationEndpoint.Handler handler, Priority... priorities) {
        return new NotificationEndpoint(Set.of(priorities), filter, notification -> {
            seen.add(name + " " + notification.eventType().orElse("-"));
            return handler.handle(notification);
        });
    }

    private NotificationListener listen(Requeue requeue, NotificationEndpoint... endpoints) {
        var listener = new NotificationListener(
                transport, codec, List.of(Target.of("cinder", "notes")), List.of(endpoints), requeue);
        listener.start();
        return listener;
    }

    private String next() throws InterruptedException {
        return seen.poll(10, SECONDS);
    }

    @Test
    void everyEndpointOfThePriorityIsAskedInOrder() throws Exception {
        listen(Requeue.NEVER,
                endpoint("a", NotificationFilter.ALL, Priority.INFO),
                endpoint("b", NotificationFilter.ALL, Priority.ERROR),
                endpoint("c", NotificationFilter.ALL, Priority.INFO, Priority.ERROR));

        publish("one", Priority.INFO);
        publish("two", Priority.ERROR);
        publish("nobody's", Priority.DEBUG);

        assertThat(List.of(next(), next(), next(), next()))
                .containsExactlyInAnyOrder("a one", "c one", "b two", "c two");
    }

    @Test
    void rulesLookAtTheBeginningOfTexts() throws Exception {
        listen(Requeue.NEVER,
                endpoint("event", NotificationFilter.ALL.eventType("volume\\..*\\.start$"), Priority.INFO),
                endpoint("publisher", NotificationFilter.ALL.publisherId("host"), Priority.INFO),
                endpoint("payload", NotificationFilter.ALL.payload("state", "act"), Priority.INFO),
                endpoint("absent", NotificationFilter.ALL.payload("other", ""), Priority.INFO),
                endpoint("context", NotificationFilter.ALL.context("project_id", "p1$"), Priority.INFO),
                endpoint("no text", NotificationFilter.ALL.context("is_admin", "false"), Priority.INFO),
                endpoint("metadata", NotificationFilter.ALL.metadata("timestamp", "20\\d\\d-"), Priority.INFO),
                endpoint("last", NotificationFilter.ALL, Priority.INFO));

        publish("volume.attach.start", Priority.INFO);

        assertThat(List.of(next(), next(), next(), next(), next()))
                .extracting(text -> text.replace(" volume.attach.start", ""))
                .containsExactly("event", "payload", "context", "metadata", "last");
    }

    @Test
    void whatIsRequeuedComesAgainAndLaterEndpointsSeeItThenOnly() throws Exception {
        var tries = new AtomicInteger();
        listen(Requeue.ALLOWED,
                endpoint("first", NotificationFilter.ALL,
                        _ -> tries.incrementAndGet() < 3 ? Result.REQUEUE : Result.HANDLED, Priority.INFO),
                endpoint("second", NotificationFilter.ALL, Priority.INFO));

        publish("e", Priority.INFO);

        assertThat(List.of(next(), next(), next(), next())).containsExactly("first e", "first e", "first e",
                "second e");
    }

    @Test
    void aHandlerThatFailsIsLoggedAndItsNotificationDroppedUnlessRequeueIsAllowed() throws Exception {
        try (CapturedLog log = CapturedLog.of("dev.reseat.rpc.notification")) {
            listen(Requeue.NEVER, endpoint("a", NotificationFilter.ALL, _ -> {
                throw new IllegalStateException("cannot");
            }, Priority.INFO));

            publish("one", Priority.INFO);
            publish("two", Priority.INFO);

            assertThat(List.of(next(), next())).containsExactly("a one", "a two");
            assertThat(log.lines("ERROR")).first().asString().contains("handling notification one", "cannot");
        }
    }

    @Test
    void oddMessagesDoNotStopTheListener() throws Exception {
        listen(Requeue.ALLOWED, endpoint("a", NotificationFilter.ALL, Priority.INFO));
        var address = new Address.Notification("cinder", "notes.info");
        for (String body : List.of("", "[]", "{", "{}", "null", "{\"priority\": 5}", "{\"priority\": \"loud\"}",
                "{\"oslo.version\": \"3.0\", \"oslo.message\": \"{}\"}",
                "{\"oslo.version\": \"2.0\", \"oslo.message\": 5}",
                "{\"oslo.version\": \"2.0\", \"oslo.message\": \"[]\"}",
                "{\"priority\": \"INFO\", \"payload\": [1], \"event_type\": {}, \"_context_x\": null}")) {
            transport.send(address, Outgoing.of(body.getBytes(UTF_8)), WITHIN);
        }
        publish("good", Priority.INFO);

        assertThat(List.of(next(), next())).containsExactly("a -", "a good");
    }

    @Test
    void aDuplicateIsHandledOnce() throws Exception {
        listen(Requeue.NEVER, endpoint("a", NotificationFilter.ALL, Priority.INFO));
        byte[] body = codec.notification(
                Map.of("priority", "INFO", "event_type", "same"), RequestContext.admin());
        var address = new Address.Notification("cinder", "notes.info");

        transport.send(address, Outgoing.of(body), WITHIN);
        transport.send(address, Outgoing.of(body), WITHIN);
        publish("next", Priority.INFO);

        assertThat(List.of(next(), next())).containsExactly("a same", "a next");
    }

    @Test
    void drainingWaitsForTheRunningHandlerAsLongAsItMay() throws Exception {
        var goOn = new CountDownLatch(1);
        NotificationListener listener = listen(Requeue.NEVER, endpoint("slow", NotificationFilter.ALL, _ -> {
            try {
                return goOn.await(10, SECONDS) ? Result.HANDLED : Result.REQUEUE;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, Priority.INFO));
        publish("e", Priority.INFO);
        assertThat(next()).isEqualTo("slow e");

        assertThat(listener.drain(Duration.ofMillis(50))).isEqualTo(Drained.FORCED);
        goOn.countDown();
        assertThat(listener.drain(Duration.ofSeconds(10))).isEqualTo(Drained.CLEAN);
        listener.stop();
    }

    @Test
    void theLogDriverWritesOneLineAtThePrioritysLevelWithoutSecrets() {
        var logging = new Notifier(
                transport, codec, "cinder", new NotificationConfig(Set.of(Driver.LOG), List.of("notes"), -1));
        try (CapturedLog log = CapturedLog.of("oslo.messaging.notification")) {
            logging.publish(notification("volume.create", Priority.WARN,
                    Map.of("auth_password", "hidden", "nested", List.of(Map.of("token", "hidden")), "size", 1)),
                    WITHIN);

            assertThat(log.lines()).singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("\"event_type\":\"volume.create\"", "\"size\":1", "\"auth_password\":\"***\"")
                    .doesNotContain("hidden");
        }
    }

    @Test
    void anEndpointWithoutPriorityIsRefused() {
        assertThatThrownBy(() -> endpoint("none", NotificationFilter.ALL)).isInstanceOf(IllegalArgumentException.class);
    }
}
