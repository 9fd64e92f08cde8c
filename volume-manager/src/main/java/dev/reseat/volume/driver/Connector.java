package dev.reseat.volume.driver;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a host describes itself to a backend, as os-brick's {@code get_connector_properties} gives it. Each driver looks
 * for the keys it needs, so the set is open.
 *
 * @param values JSON values as Java objects
 */
public record Connector(Map<String, Object> values) {
    public Connector {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public Optional<String> host() {
        return text("host");
    }

    public Optional<String> initiator() {
        return text("initiator");
    }

    public Connector with(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return new Connector(changed);
    }

    private Optional<String> text(String key) {
        return values.get(key) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** Says which host. */
    @Override
    public String toString() {
        return "Connector[" + host().orElse("-") + "]";
    }
}
