package dev.reseat.rpc.notification;

import dev.reseat.rpc.RequestContext;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * One event to publish.
 *
 * @param publisherId {@code service.host}, e.g. {@code volume.host-1}
 * @param eventType e.g. {@code volume.reset_status.start}
 * @param payload JSON values
 */
public record Notification(
        UUID messageId,
        String publisherId,
        String eventType,
        Priority priority,
        Map<String, Object> payload,
        Instant timestamp,
        RequestContext context) {
    /** How loud; decides the queue. */
    public enum Priority {
        AUDIT,
        DEBUG,
        INFO,
        WARN,
        ERROR,
        CRITICAL,
        SAMPLE;

        String routingKey(String topic) {
            return topic + "." + name().toLowerCase(Locale.ROOT);
        }
    }
}
