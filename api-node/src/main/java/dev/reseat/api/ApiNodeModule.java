package dev.reseat.api;

import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import dev.reseat.api.conductor.ConductorEndpoint;
import dev.reseat.api.conductor.DiagnosisEndpoint;
import dev.reseat.api.conductor.JobEndpoint;
import dev.reseat.api.conductor.StateEndpoint;
import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.job.JobModule;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.RepairQueue;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.rest.RestModule;
import dev.reseat.api.service.RecordedVersions;
import dev.reseat.api.service.ServiceModule;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.job.JobClaims;
import dev.reseat.api.store.job.JobItemTable;
import dev.reseat.api.store.job.JobTable;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.api.store.nova.MappedVolumeTable;
import dev.reseat.api.store.nova.WhereaboutsTable;
import dev.reseat.rpc.notification.Notifier;
import dev.reseat.rpc.wiring.Rpc;
import java.util.List;

/**
 * Makes an {@link ApiNode} of its settings and of what the process shares: {@code Rpc} and {@code MeterRegistry}. Keeps
 * all else to itself.
 */
public final class ApiNodeModule extends PrivateModule {
    private final ApiNodeConfig config;

    public ApiNodeModule(ApiNodeConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        install(new RestModule(config.rest(), config.keystone()));
        install(new ServiceModule(config.host(), config.reconciler()));
        install(new JobModule(config.job()));
        bind(ApiNodeConfig.class).toInstance(config);
        bind(DatabaseConfig.class).toInstance(config.database());
        bind(LeaseConfig.class).toInstance(config.lease());
        List.of(
                Database.class,
                VolumeTable.class,
                AttachmentTable.class,
                InstanceTable.class,
                WhereaboutsTable.class,
                BlockDeviceTable.class,
                JournalTable.class,
                OutboxTable.class,
                LeaseTable.class,
                ProcessLeases.class,
                JobTable.class,
                JobItemTable.class,
                JobClaims.class,
                MappedVolumeTable.class,
                ComputeServiceTable.class,
                RecordedVersions.class,
                JobEndpoint.class,
                ConductorEndpoint.class,
                StateEndpoint.class,
                StepEndpoint.class,
                DiagnosisEndpoint.class,
                ApiNode.class)
                .forEach(type -> bind(type).in(Scopes.SINGLETON));
        expose(ApiNode.class);
    }

    @Provides
    @Singleton
    VolumeClient volumes(Rpc rpc) {
        return new VolumeClient(rpc.client(), config.remote());
    }

    @Provides
    @Singleton
    ComputeClient computes(Rpc rpc, RecordedVersions versions) {
        return new ComputeClient(rpc.client(), config.remote(), versions);
    }

    @Provides
    @Singleton
    RepairQueue repairQueue(Rpc rpc) {
        return new RepairQueue(rpc.client());
    }

    @Provides
    @Singleton
    Notifier notifier(Rpc rpc) {
        return rpc.notifier(config.remote().volumeExchange());
    }
}
