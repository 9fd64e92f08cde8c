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
record HealthReport(Status status, Map<String, Health> checks) {
    HealthReport {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }
}
