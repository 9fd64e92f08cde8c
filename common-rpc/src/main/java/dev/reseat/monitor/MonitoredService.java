package dev.reseat.monitor;

import dev.reseat.runtime.Service;
import java.util.List;

/** A service that can tell how it is. */
public interface MonitoredService extends Service {
    /** What has to be up for it to work; asked from its start until its stop. */
    List<HealthCheck> healthChecks();
}
