package dev.reseat.rpc.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.notification.BatchNotificationEndpoint;
import dev.reseat.rpc.notification.BatchNotificationListener;
import dev.reseat.rpc.notification.Notification;
import dev.reseat.rpc.notification.Notification.Priority;
import dev.reseat.rpc.notification.NotificationConfig;
import dev.reseat.rpc.notification.NotificationEndpoint;
import dev.reseat.rpc.notification.NotificationEndpoint.Result;
import dev.reseat.rpc.notification.NotificationFilter;
import dev.reseat.rpc.notification.NotificationListener;
import dev.reseat.rpc.notification.NotificationListener.Requeue;
import dev.reseat.rpc.notification.ReceivedNotification;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notifications from us to the real oslo.messaging listener, and from its notifier to us. */
@Tag("broker")
final class NotificationsIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final String url = RabbitBroker.running().transportUrl();
    private final String exchange = "exchange-" + UUID.randomUUID();
    private final String topic = "notifications-" + UUID.randomUUID();
    private final BlockingQueue<ReceivedNotification> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<List<String>> batches = new LinkedBlockingQueue<>();
    private final AtomicBoolean requeued = new AtomicBoolean();
    private final List<Rpc> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Rpc::stop);
    }

    /** With a broker for calls that is not there: notifications have their own. */
    private Rpc rpc(String driver) {
        String settings = """
                [DEFAULT]
                transport_url = rabbit://guest:guest@127.0.0.1:1/
                [oslo_messaging_notifications]
                transport_url = %s
                topics = %s
                driver = %s
                """.formatted(url, topic, driver);
        Rpc rpc = Rpc.overBroker(Settings.parse(settings).checked(RpcConfig::from), "test", new SimpleMeterRegistry());
        opened.add(rpc);
        return rpc;
    }

    private NotificationListener listening(NotificationFilter filter) {
        var endpoint = new NotificationEndpoint(Set.of(Priority.INFO, Priority.ERROR), filter, notification -> {
            seen.add(notification);
            return Result.HANDLED;
        });
        return rpc("noop").notificationListener(
                List.of(Target.of(exchange, topic)), List.of(endpoint), Requeue.ALLOWED);
    }

    private void publish(String driver, String publisher, String event, Priority priority) {
        var context = RequestContext.of("u1", "p1", true, "req-1").with("auth_token", "secret");
        rpc(driver).notifier(exchange)
                .publish(new Notification(UUID.fromString("d13a3a11-c6fa-4a03-9c02-ea5e63ef6610"), publisher, event,
                        priority, Map.of("volume_id", "v1"), Instant.parse("2026-11-22T07:02:23.567454Z"), context),
                        WITHIN);
    }

    private PythonPeer python(String what, String how) throws InterruptedException {
        PythonPeer peer = PythonPeer.start("oslo_notify.py", url, exchange, topic, what, how);
        if (what.equals("listen") || what.equals("batch")) {
            assertThat(peer.line()).isEqualTo("ready");
        }
        return peer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"messagingv2", "messaging"})
    void pythonGetsWhatWePublish(String driver) throws Exception {
        publish(driver, "volume.host-1", "volume.attach.start", Priority.INFO); // waits in its queue
        try (PythonPeer python = python("listen", "-")) {
            publish(driver, "compute.host-1", "filtered", Priority.INFO);
            publish(driver, "volume.host-1", "volume.attach.error", Priority.ERROR);

            Map<String, JsonNode> byEvent = Stream.of(JSON.readTree(python.line()), JSON.readTree(python.line()))
                    .collect(Collectors.toMap(n -> n.path("event_type").stringValue(), n -> n));

            assertThat(byEvent).containsOnlyKeys("volume.attach.start", "volume.attach.error");
            JsonNode first = byEvent.get("volume.attach.start");
            assertThat(first.path("priority").stringValue()).isEqualTo("info");
            assertThat(first.path("payload")).isEqualTo(JSON.readTree("{\"volume_id\": \"v1\"}"));
            assertThat(first.path("metadata")).isEqualTo(JSON.readTree("""
                    {"message_id": "d13a3a11-c6fa-4a03-9c02-ea5e63ef6610", "timestamp": "2026-11-22 07:02:23.567454"}
                    """));
            assertThat(first.path("context").path("user_id").stringValue()).isEqualTo("u1");
            assertThat(first.path("context").has("auth_token")).isFalse();
        }
    }

    @Test
    void whatPythonRequeuesComesAgain() throws Exception {
        try (PythonPeer python = python("listen", "-")) {
            publish("messagingv2", "volume.host-1", "again", Priority.INFO);

            assertThat(JSON.readTree(python.line()).path("event_type").stringValue()).isEqualTo("again");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"messagingv2", "messaging"})
    void weGetWhatPythonPublishes(String driver) throws Exception {
        NotificationListener listener = listening(NotificationFilter.ALL.publisherId("volume\\."));
        listener.start();
        try (PythonPeer python = python("send", driver)) {
            python.awaitEnd();
        }

        ReceivedNotification first = seen.poll(30, SECONDS);
        ReceivedNotification second = seen.poll(30, SECONDS);
        Map<Priority, ReceivedNotification> both = Map.of(first.priority(), first, second.priority(), second);
        assertThat(both.get(Priority.INFO).payload()).isEqualTo(Map.of("volume_id", "v1", "size", 1, "name", "é"));
        assertThat(both.get(Priority.INFO).eventType()).contains("volume.attach.start");
        assertThat(both.get(Priority.INFO).metadata()).containsKeys("message_id", "timestamp");
        assertThat(both.get(Priority.INFO).context().values())
                .containsEntry("project_id", "p1")
                .doesNotContainKey("auth_token");
        assertThat(both.get(Priority.ERROR).eventType()).contains("volume.attach.error");
        listener.stop();
    }

    @Test
    void everyPoolGetsEveryNotificationWhoeverPublishes() throws Exception {
        NotificationListener listener = listening(NotificationFilter.ALL).inPool("pool-" + UUID.randomUUID());
        listener.start();
        try (PythonPeer theirs = python("listen", "pool-" + UUID.randomUUID());
                PythonPeer sender = python("send", "messagingv2")) {
            sender.awaitEnd();

            assertThat(List.of(seen.poll(30, SECONDS).priority(), seen.poll(30, SECONDS).priority()))
                    .containsExactlyInAnyOrder(Priority.INFO, Priority.ERROR);
            assertThat(List.of(theirs.line(), theirs.line())).hasSize(2);
        }
        listener.stop();
    }

    /** Both get the same, each in a queue of its own topic. */
    @Test
    void batchesAreThoseThatPythonMakes() throws Exception {
        String theirs = topic;
        String ours = theirs + "-ours";
        for (String event : List.of("volume.1", "again", "volume.2")) {
            publish("messagingv2\ntopics = " + theirs + ", " + ours, "volume.host-1", event, Priority.INFO);
        }
        publish("messagingv2\ntopics = " + theirs + ", " + ours, "compute.host-1", "filtered", Priority.INFO);
        publish("messagingv2\ntopics = " + theirs + ", " + ours, "volume.host-1", "volume.error", Priority.ERROR);

        BatchNotificationListener listener = batches(ours);
        try (PythonPeer python = python("batch", "5")) {
            for (int full = 0; full < 2; full++) {
                assertThat(nextBatch()).isEqualTo(pythons(python)).isNotEmpty();
            }
            // what was requeued: the order is the broker's
            assertThat(nextBatch()).hasSize(3).hasSameElementsAs(pythons(python));
        }
        listener.stop();
    }

    private BatchNotificationListener batches(String from) {
        var endpoint = new BatchNotificationEndpoint(
                Set.of(Priority.INFO, Priority.ERROR), NotificationFilter.ALL.publisherId("volume\\."), all -> {
                    List<String> events = all.stream().map(one -> one.eventType().orElseThrow()).toList();
                    batches.add(events);
                    return events.contains("again") && !requeued.getAndSet(true) ? Result.REQUEUE : Result.HANDLED;
                });
        BatchNotificationListener listener = rpc("noop").batchNotificationListener(
                List.of(Target.of(exchange, from)), Optional.empty(), List.of(endpoint), Requeue.ALLOWED,
                new BatchNotificationListener.Batch(5, Duration.ofSeconds(2)));
        listener.start();
        return listener;
    }

    private List<String> nextBatch() throws InterruptedException {
        List<String> next = batches.poll(60, SECONDS);
        assertThat(next).as("a batch").isNotNull();
        return next;
    }

    private static List<String> pythons(PythonPeer python) throws InterruptedException {
        return JSON.readTree(python.line()).valueStream().map(JsonNode::stringValue).toList();
    }

    /** It fails to load whatever it routes to: so there is nothing to be compatible with. */
    @Test
    void pythonsRoutingDriverSendsNothing() throws Exception {
        NotificationListener listener = listening(NotificationFilter.ALL);
        listener.start();
        try (PythonPeer python = python("route", "messagingv2")) {
            python.awaitEnd();
        }

        assertThat(seen.poll(30, SECONDS).eventType()).contains("sent");
        listener.stop();
    }

    @Test
    void everyDriverSendsAndNoopDoesNot() throws Exception {
        NotificationListener listener = listening(NotificationFilter.ALL);
        listener.start();

        publish("messagingv2\ndriver = messaging\ndriver = noop", "volume.host-1", "twice", Priority.INFO);
        publish("noop", "volume.host-1", "never", Priority.INFO);
        publish("messagingv2", "volume.host-1", "marker", Priority.INFO);

        assertThat(Stream.of(seen.poll(30, SECONDS), seen.poll(30, SECONDS), seen.poll(30, SECONDS))
                .map(notification -> notification.eventType().orElseThrow()))
                .containsExactly("twice", "twice", "marker");
        listener.stop();
    }

    @Test
    void aConfigWithoutDriverSendsNothing() {
        assertThat(NotificationConfig.NONE.drivers()).isEmpty();
        rpc("").notifier(exchange)
                .publish(new Notification(UUID.randomUUID(), "volume.host-1", "never", Priority.INFO, Map.of(),
                        Instant.EPOCH, RequestContext.admin()), Duration.ofMillis(1));
    }
}
