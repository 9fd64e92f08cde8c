package dev.reseat.api.finding;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.schedule.ClusterTask;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.util.List;

/** Sweeps every {@code sweep_interval}, on one api-node at a time; nothing at all where that is not set. */
public final class SweepSchedule {
    private static final String NAME = "sweep";

    private final List<Service> services;

    @Inject
    SweepSchedule(
            Database database, Sweeper sweeper, FindingGauges gauges, LeaseConfig lease, FindingConfig config) {
        this.services = config.sweepInterval()
                .map(interval -> List.<Service>of(
                        gauges.service(interval),
                        new ClusterTask(database, NAME, interval, lease.time(), sweeper::sweep)))
                .orElse(List.of());
    }

    /** In the order of their start. */
    public List<Service> services() {
        return services;
    }
}
