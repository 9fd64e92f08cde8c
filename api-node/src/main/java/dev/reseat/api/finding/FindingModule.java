package dev.reseat.api.finding;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import dev.reseat.api.store.finding.FindingTable;
import dev.reseat.api.store.finding.SweepTable;
import java.util.List;

/** Sweeps and findings. Needs the services, jobs and store. */
public final class FindingModule extends AbstractModule {
    private final FindingConfig config;

    public FindingModule(FindingConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        bind(FindingConfig.class).toInstance(config);
        List.of(
                FindingTable.class, SweepTable.class, Sweeper.class, PolicyRepairs.class, KeptFindings.class,
                FindingGauges.class, SweepSchedule.class)
                .forEach(type -> bind(type).in(Scopes.SINGLETON));
    }
}
