package dev.reseat.volume.driver;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a host reaches a volume: Cinder's {@code connection_info}. A secret.
 *
 * @param type {@code driver_volume_type}, which selects the connector on the host
 * @param data what that connector needs; JSON values as Java objects
 */
public record ConnectionInfo(String type, Map<String, Object> data) {
    public ConnectionInfo {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /** The data, with more or other entries. */
    public ConnectionInfo with(Map<String, Object> entries) {
        Map<String, Object> changed = new LinkedHashMap<>(data);
        changed.putAll(entries);
        return new ConnectionInfo(type, changed);
    }

    /** Says the type only. */
    @Override
    public String toString() {
        return "ConnectionInfo[" + type + "]";
    }
}
