package dev.reseat.api;

import com.google.inject.PrivateModule;
import com.google.inject.Provides;
import com.google.inject.Scopes;
import com.google.inject.Singleton;
import dev.reseat.api.conductor.ConductorEndpoint;
import dev.reseat.api.conductor.DiagnosisEndpoint;
import dev.reseat.api.conductor.FindingEndpoint;
import dev.reseat.api.conductor.JobEndpoint;
import dev.reseat.api.conductor.RepairEndpoint;
import dev.reseat.api.conductor.StateEndpoint;
import dev.reseat.api.conductor.StatusReports;
import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.conductor.VolumeServiceEndpoint;
import dev.reseat.api.finding.FindingModule;
import dev.reseat.api.job.JobModule;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.PowerClient;
import dev.reseat.api.remote.RepairQueue;
import dev.reseat.api.remote.StatusClient;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.rest.RestModule;
import dev.reseat.api.service.RecordedVersions;
import dev.reseat.api.service.ServiceModule;
import dev.reseat.api.store.BacklogReader;
import dev.reseat.api.store.CaptureReader;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.cell.CellMappingTable;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cell.CellsConfig;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.OperationTable;
import dev.reseat.api.store.cinder.VolumeMetadataTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.job.InstanceStopTable;
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
import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.rpc.notification.Notifier;
import dev.reseat.rpc.wiring.Rpc;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;

/**
 * Makes an {@link ApiNode} of its settings and of what the process shares: {@code Rpc} and {@code MeterRegistry}. Keeps
 * all else to itself.
 */
public final class ApiNodeModule extends PrivateModule {
    private static final List<Class<?>> SINGLETONS = List.of(
            Database.class,
            CellMappingTable.class,
            Cells.class,
            VolumeTable.class,
            VolumeMetadataTable.class,
            AttachmentTable.class,
            InstanceTable.class,
            WhereaboutsTable.class,
            BlockDeviceTable.class,
            JournalTable.class,
            OutboxTable.class,
            BacklogReader.class,
            LeaseTable.class,
            ProcessLeases.class,
            JobTable.class,
            JobItemTable.class,
            InstanceStopTable.class,
            JobClaims.class,
            MappedVolumeTable.class,
            CaptureReader.class,
            ComputeServiceTable.class,
            RecordedVersions.class,
            JobEndpoint.class,
            ConductorEndpoint.class,
            StateEndpoint.class,
            StepEndpoint.class,
            VolumeServiceEndpoint.class,
            OperationTable.class,
            DiagnosisEndpoint.class,
            FindingEndpoint.class,
            RepairEndpoint.class,
            StatusReports.class,
            ApiNode.class);

    private final ApiNodeConfig config;

    public ApiNodeModule(ApiNodeConfig config) {
        this.config = config;
    }

    @Override
    protected void configure() {
        install(new RestModule(config.rest(), config.keystone()));
        install(new ServiceModule(config.host(), config.reconciler(), config.receipts()));
        install(new JobModule(config.job()));
        install(new FindingModule(config.finding()));
        bind(ApiNodeConfig.class).toInstance(config);
        bind(DatabaseConfig.class).toInstance(config.database());
        bind(CellsConfig.class).toInstance(config.cells());
        bind(LeaseConfig.class).toInstance(config.lease());
        SINGLETONS.forEach(type -> bind(type).in(Scopes.SINGLETON));
        expose(ApiNode.class);
    }

    @Provides
    @Singleton
    Optional<BlockStorageClient> cinderApi() {
        return config.cinderApi().map(BlockStorageClient::new);
    }

    @Provides
    @Singleton
    VolumeClient volumes(Rpc rpc, Optional<BlockStorageClient> cinderApi) {
        return new VolumeClient(rpc.client(), config.remote(), cinderApi);
    }

    @Provides
    @Singleton
    ApiNodeBrokers brokers(Rpc rpc, Cells cells, MeterRegistry meters) {
        return new ApiNodeBrokers(
                rpc, config.broker(), cells, config.cells().interval(),
                url -> Rpc.overBroker(config.cellRpc().apply(url), ApiNode.PROGRAM.name(), meters));
    }

    @Provides
    @Singleton
    ComputeClient computes(ApiNodeBrokers brokers, RecordedVersions versions) {
        return new ComputeClient(brokers, config.remote(), versions);
    }

    @Provides
    @Singleton
    PowerClient power(ApiNodeBrokers brokers, RecordedVersions versions) {
        return new PowerClient(brokers, config.remote(), versions);
    }

    @Provides
    @Singleton
    StatusClient statuses(ApiNodeBrokers brokers) {
        return new StatusClient(brokers);
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
