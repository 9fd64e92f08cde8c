package dev.reseat.contract.connection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A connection_info as it was written, all keys in their order: nested, as drivers, connectors and Nova's mappings have
 * it ({@code {driver_volume_type, data: {…}}}), or flat, as Cinder's attachments have it. Holds secrets; prints its
 * type only.
 */
public final class ConnectionDocument {
    private static final String TYPE = "driver_volume_type";
    private static final String DATA = "data";
    private static final String ATTACHMENT = "attachment_id";
    private static final Set<String> NOT_DATA = Set.of(TYPE, ATTACHMENT);

    private final Map<String, Object> values;
    private final Map<String, Object> data;

    private ConnectionDocument(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        Map<String, Object> found = new LinkedHashMap<>();
        if (values.get(DATA) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> found.put(String.valueOf(key), value));
        } else {
            found.putAll(values);
            found.keySet().removeAll(NOT_DATA);
        }
        this.data = Collections.unmodifiableMap(found);
    }

    /** @throws MalformedConnection if it has no type */
    public static ConnectionDocument of(Map<String, Object> values) {
        if (!(values.get(TYPE) instanceof String type) || type.isBlank()) {
            throw new MalformedConnection("connection_info has no " + TYPE);
        }
        return new ConnectionDocument(values);
    }

    public static ConnectionDocument of(String type, Map<String, Object> data) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(TYPE, type);
        values.put(DATA, data);
        return of(values);
    }

    public String type() {
        return (String) values.get(TYPE);
    }

    /** As it was written; JSON values as Java objects. */
    public Map<String, Object> values() {
        return values;
    }

    /** What the connector needs. */
    public Map<String, Object> data() {
        return data;
    }

    /** A value of the data, or else of what stands beside it. */
    public Optional<Object> find(String key) {
        return Optional.ofNullable(data.get(key)).or(() -> Optional.ofNullable(values.get(key)));
    }

    /** In the form of Cinder's attachments; what stood beside the data comes along. */
    public Map<String, Object> flat(String attachmentId) {
        Map<String, Object> flat = new LinkedHashMap<>(data);
        values.forEach((key, value) -> {
            if (!key.equals(DATA)) {
                flat.put(key, value);
            }
        });
        flat.put(ATTACHMENT, attachmentId);
        return flat;
    }

    /** In the form of drivers and of Nova's mappings. */
    public Map<String, Object> nested() {
        if (values.get(DATA) instanceof Map) {
            return values;
        }
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put(TYPE, type());
        nested.put(DATA, data);
        return nested;
    }

    /** With more or other entries in the data. */
    public ConnectionDocument with(Map<String, Object> entries) {
        Map<String, Object> changed = new LinkedHashMap<>(data);
        changed.putAll(entries);
        Map<String, Object> all = new LinkedHashMap<>(values);
        if (values.get(DATA) instanceof Map) {
            all.put(DATA, changed);
        } else {
            all.putAll(entries);
        }
        return new ConnectionDocument(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionDocument that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "connection_info of type " + type();
    }
}
