package dev.reseat.rpc.envelope;

import dev.reseat.rpc.RequestContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A notification as it was received.
 *
 * @param fields what is neither of the context nor reserved; JSON values as Java objects
 * @param uniqueId for the duplicate check; empty if the sender gave none
 */
public record NotificationMessage(
        Map<String, Object> fields, RequestContext context, Optional<String> uniqueId) {
    public NotificationMessage {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    static NotificationMessage of(Map<?, ?> inner) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<String, Object> context = new LinkedHashMap<>();
        inner.forEach((name, value) -> {
            String key = String.valueOf(name);
            if (key.startsWith(WireNames.CONTEXT_PREFIX)) {
                context.put(key.substring(WireNames.CONTEXT_PREFIX.length()), value);
            } else {
                fields.put(key, value);
            }
        });
        Object uniqueId = fields.remove(WireNames.UNIQUE_ID);
        return new NotificationMessage(
                fields,
                new RequestContext(context),
                uniqueId instanceof String text ? Optional.of(text) : Optional.empty());
    }
}
