package dev.reseat.rpc.notification;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which notifications an endpoint gets: upstream's {@code NotificationFilter}. Every rule has to hold; a rule holds if
 * the value is a text whose beginning matches the expression, as Python's {@code re.match}. Immutable; the expressions
 * are Java's.
 */
public final class NotificationFilter {
    /** Lets everything pass. */
    public static final NotificationFilter ALL =
            new NotificationFilter(Optional.empty(), Optional.empty(), Map.of(), Map.of(), Map.of());

    private final Optional<Pattern> publisherId;
    private final Optional<Pattern> eventType;
    private final Map<String, Pattern> context;
    private final Map<String, Pattern> metadata;
    private final Map<String, Pattern> payload;

    private NotificationFilter(
            Optional<Pattern> publisherId,
            Optional<Pattern> eventType,
            Map<String, Pattern> context,
            Map<String, Pattern> metadata,
            Map<String, Pattern> payload) {
        this.publisherId = publisherId;
        this.eventType = eventType;
        this.context = Map.copyOf(context);
        this.metadata = Map.copyOf(metadata);
        this.payload = Map.copyOf(payload);
    }

    /** Those whose publisher's id begins so. */
    public NotificationFilter publisherId(String regex) {
        return new NotificationFilter(Optional.of(Pattern.compile(regex)), eventType, context, metadata, payload);
    }

    /** Those whose event type begins so. */
    public NotificationFilter eventType(String regex) {
        return new NotificationFilter(publisherId, Optional.of(Pattern.compile(regex)), context, metadata, payload);
    }

    /** @param key of the request context, e.g. {@code project_id} */
    public NotificationFilter context(String key, String regex) {
        return new NotificationFilter(publisherId, eventType, with(context, key, regex), metadata, payload);
    }

    /** @param key {@code message_id} or {@code timestamp} */
    public NotificationFilter metadata(String key, String regex) {
        return new NotificationFilter(publisherId, eventType, context, with(metadata, key, regex), payload);
    }

    /** @param key of the payload; its top level only */
    public NotificationFilter payload(String key, String regex) {
        return new NotificationFilter(publisherId, eventType, context, metadata, with(payload, key, regex));
    }

    boolean passes(ReceivedNotification notification) {
        return publisherId.map(rule -> holds(rule, notification.publisherId().orElse(null))).orElse(true)
                && eventType.map(rule -> holds(rule, notification.eventType().orElse(null))).orElse(true)
                && hold(context, notification.context().values())
                && hold(metadata, notification.metadata())
                && hold(payload, notification.payload());
    }

    private static boolean hold(Map<String, Pattern> rules, Object values) {
        if (rules.isEmpty()) {
            return true;
        }
        return values instanceof Map<?, ?> map
                && rules.entrySet().stream().allMatch(rule -> holds(rule.getValue(), map.get(rule.getKey())));
    }

    private static boolean holds(Pattern rule, Object value) {
        return value instanceof String text && rule.matcher(text).lookingAt();
    }

    private static Map<String, Pattern> with(Map<String, Pattern> rules, String key, String regex) {
        Map<String, Pattern> more = new HashMap<>(rules);
        more.put(key, Pattern.compile(regex));
        return more;
    }
}
