package dev.reseat.rpc.notification;

import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Publishes notifications to every configured topic. Thread-safe. */
public final class Notifier {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter
            .ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final String exchange;
    private final List<String> topics;

    /** @param topics {@code [oslo_messaging_notifications]topics}; empty publishes nothing */
    public Notifier(Transport transport, EnvelopeCodec codec, String exchange, List<String> topics) {
        this.transport = transport;
        this.codec = codec;
        this.exchange = exchange;
        this.topics = List.copyOf(topics);
    }

    /**
     * Returns when the broker has the notification on every topic.
     *
     * @throws dev.reseat.rpc.RpcException if it does not within the time; some topics may have it
     */
    public void publish(Notification notification, Duration within) {
        byte[] body = codec.notification(message(notification), notification.context());
        for (String topic : topics) {
            var address = new Address.Notification(exchange, notification.priority().routingKey(topic));
            transport.send(address, Outgoing.of(body), within);
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
