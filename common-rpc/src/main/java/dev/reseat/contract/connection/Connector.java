package dev.reseat.contract.connection;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a host describes itself to a backend, as os-brick's {@code get_connector_properties} gives it. Each driver looks
 * for the keys it needs, so the set is open; what is null or blank is missing.
 *
 * @param values as they were written; JSON values as Java objects
 */
public record Connector(Map<String, Object> values) {
    public Connector {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public Optional<String> host() {
        return text("host");
    }

    /** Its name in iSCSI. */
    public Optional<String> initiator() {
        return text("initiator");
    }

    /** Its name in NVMe. */
    public Optional<String> nqn() {
        return text("nqn");
    }

    /** Where it speaks to storage from, canonical as in {@link Portal}. */
    public Optional<String> ip() {
        return text("ip").map(Portal::canonical);
    }

    /**
     * Its Fibre Channel ports.
     *
     * @throws MalformedConnection if one is no world wide name
     */
    public List<Wwn> wwpns() {
        return values.get("wwpns") instanceof List<?> names
                ? names.stream().map(name -> new Wwn(Fields.text("wwpns", name))).toList()
                : List.of();
    }

    public boolean multipath() {
        return Boolean.TRUE.equals(values.get("multipath"));
    }

    public boolean enforcesMultipath() {
        return Boolean.TRUE.equals(values.get("enforce_multipath"));
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
