package dev.reseat.monitor;

import dev.reseat.monitor.Health.Status;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a process is.
 *
 * @param checks by name, in the order in which they were given
 */
public record HealthReport(Status status, Map<String, Health> checks) {
    public HealthReport {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }
}
