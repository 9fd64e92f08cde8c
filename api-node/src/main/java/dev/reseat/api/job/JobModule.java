package dev.reseat.api.job;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.api.model.Job;
import dev.reseat.api.service.InstancePower;
import java.util.List;

/** Jobs. Needs the services, store and the work queue; a new kind of work is one more line. */
public final class JobModule extends AbstractModule {
    private final JobConfig config;

    public JobModule(JobConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        bind(JobConfig.class).toInstance(config);
        List.of(
                JobSelection.class, JobItems.class, JobSteps.class, InstancePower.class, InstanceStops.class,
                JobWorker.class, Jobs.class)
                .forEach(type -> bind(type).in(Scopes.SINGLETON));
        var works = MapBinder.newMapBinder(binder(), Job.Action.class, ItemWork.class);
        works.addBinding(Job.Action.RESET).to(ResetWork.class).in(Scopes.SINGLETON);
        works.addBinding(Job.Action.REFRESH).to(RefreshWork.class).in(Scopes.SINGLETON);
        works.addBinding(Job.Action.REPAIR).to(RepairWork.class).in(Scopes.SINGLETON);
    }
}
