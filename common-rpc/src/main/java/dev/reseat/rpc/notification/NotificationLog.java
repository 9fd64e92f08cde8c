package dev.reseat.rpc.notification;

import dev.reseat.rpc.object.WireMapper;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code log} driver: each notification as one line of JSON, under upstream's logger name
 * {@code oslo.messaging.notification.EVENT_TYPE}. What looks like a secret is masked.
 */
final class NotificationLog {
    private static final String LOGGER = "oslo.messaging.notification.";
    private static final Pattern SECRET =
            Pattern.compile("pass|secret|token|credential|private_key|auth_key", Pattern.CASE_INSENSITIVE);

    private final JsonMapper json = WireMapper.create();

    void write(Notification notification, Map<String, Object> message) {
        System.getLogger(LOGGER + notification.eventType())
                .log(level(notification.priority()), json.writeValueAsString(masked(message)));
    }

    private static Level level(Notification.Priority priority) {
        return switch (priority) {
            case DEBUG -> Level.DEBUG;
            case AUDIT, INFO, SAMPLE -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR, CRITICAL -> Level.ERROR;
        };
    }

    private static Object masked(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, inner) -> copy.put(
                        String.valueOf(key),
                        inner instanceof String && SECRET.matcher(String.valueOf(key)).find() ? "***" : masked(inner)));
                yield copy;
            }
            case List<?> list -> list.stream().map(NotificationLog::masked).toList();
            case null, default -> value;
        };
    }
}
