package dev.reseat.rpc.notification;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Publishes notifications by every configured driver to every configured topic. Thread-safe. */
public final class Notifier {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter
            .ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final String exchange;
    private final NotificationConfig config;
    private final NotificationLog log = new NotificationLog();

    /** @param exchange {@code control_exchange} of the service that publishes */
    public Notifier(Transport transport, EnvelopeCodec codec, String exchange, NotificationConfig config) {
        this.transport = transport;
        this.codec = codec;
        this.exchange = exchange;
        this.config = config;
    }

    /** The same with another limit of attempts: {@code prepare(retry=...)}. */
    public Notifier retry(int attempts) {
        return new Notifier(
                transport, codec, exchange, new NotificationConfig(config.drivers(), config.topics(), attempts));
    }

    /**
     * Returns when the broker has the notification on every topic. Upstream's notifier logs failures and goes on;
     * whoever wants that catches them.
     *
     * @throws RpcException the first failure, if some topic did not get it within the time; others were tried and may
     *     have it
     */
    public void publish(Notification notification, Duration within) {
        var deadline = Deadline.after(within);
        Map<String, Object> message = message(notification);
        List<RpcException> failures = new ArrayList<>();
        for (NotificationConfig.Driver driver : config.drivers()) {
            switch (driver) {
                case MESSAGINGV2 -> send(
                        notification, codec.notification(message, notification.context()), deadline, failures);
                case MESSAGING -> send(
                        notification, codec.bareNotification(message, notification.context()), deadline, failures);
                case LOG -> log.write(notification, message);
                case NOOP -> {}
            }
        }
        if (!failures.isEmpty()) {
            RpcException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private void send(Notification notification, byte[] body, Deadline deadline, List<RpcException> failures) {
        Outgoing outgoing = Outgoing.of(body).retrying(config.retry());
        for (String topic : config.topics()) {
            try {
                var address = new Address.Notification(exchange, notification.priority().routingKey(topic));
                transport.send(address, outgoing, deadline.remaining());
            } catch (RpcException e) {
                failures.add(e);
            }
        }
    }

    private static Map<String, Object> message(Notification notification) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("message_id", notification.messageId().toString());
        message.put("publisher_id", notification.publisherId());
        message.put("event_type", notification.eventType());
        message.put("priority", notification.priority().name());
        message.put("payload", notification.payload());
        message.put("timestamp", TIMESTAMP.format(notification.timestamp()));
        return message;
    }
}
