package dev.reseat.rpc.notification;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.envelope.NotificationMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A notification of somebody, who may have left out anything.
 *
 * @param payload a JSON value as Java object, usually a map; null if there was none
 * @param metadata {@code message_id} and {@code timestamp}, as they were written
 */
public record ReceivedNotification(
        RequestContext context,
        Optional<String> publisherId,
        Optional<String> eventType,
        Notification.Priority priority,
        Object payload,
        Map<String, Object> metadata) {
    public ReceivedNotification {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Empty if its priority is none that there is. */
    static Optional<ReceivedNotification> of(NotificationMessage message) {
        Map<String, Object> fields = message.fields();
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("message_id", fields.get("message_id"));
        metadata.put("timestamp", fields.get("timestamp"));
        return text(fields.get("priority"))
                .flatMap(ReceivedNotification::priority)
                .map(priority -> new ReceivedNotification(
                        message.context(),
                        text(fields.get("publisher_id")),
                        text(fields.get("event_type")),
                        priority,
                        fields.get("payload"),
                        metadata));
    }

    private static Optional<String> text(Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Optional<Notification.Priority> priority(String word) {
        try {
            return Optional.of(Notification.Priority.valueOf(word.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Names what it is; payloads carry secrets. */
    @Override
    public String toString() {
        return eventType.orElse("-") + " of " + publisherId.orElse("-") + " " + metadata.get("message_id");
    }
}
