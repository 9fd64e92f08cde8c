package dev.reseat.api.service;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.api.flow.CastReports;
import dev.reseat.api.flow.FlowRunner;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Reconciler;
import dev.reseat.api.flow.ReconcilerConfig;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.service.diagnosis.DiagnosisModule;
import dev.reseat.api.store.journal.JournalEntry;
import java.time.InstantSource;
import java.util.List;

/** The flows. Needs store, remote and a notifier. */
public final class ServiceModule extends AbstractModule {
    private static final List<Class<?>> SINGLETONS = List.of(
            Volumes.class,
            Attachments.class,
            AttachmentState.class,
            DetachGuard.class,
            LegacyConnections.class,
            BlockDevices.class,
            JournalQueries.class,
            Journal.class,
            Outbox.class,
            OutboxPublisher.class,
            ResetEvidence.class,
            RefreshEvidence.class,
            InsteadOfReset.class,
            ResetDriver.class,
            ResetCommit.class,
            ResetSteps.class,
            ResetFlow.class,
            ResetStatus.class,
            InstanceLock.class,
            MappingWriter.class,
            Surroundings.class,
            FlowRunner.class,
            RefreshSteps.class,
            RefreshPerformers.class,
            RefreshFlow.class,
            RefreshAttachment.class,
            VolumeSelector.class,
            DiagnoseVolumes.class,
            Repairs.class,
            Reconciler.class,
            CastReports.class);

    private final String host;
    private final ReconcilerConfig reconciler;

    /** @param host this node's name in what it publishes */
    public ServiceModule(String host, ReconcilerConfig reconciler) {
        this.host = host;
        this.reconciler = reconciler;
    }

    @Override
    protected void configure() {
        bind(InstantSource.class).toInstance(InstantSource.system());
        bind(Outbox.Names.class).toInstance(new Outbox.Names(host));
        install(new DiagnosisModule());
        bind(DecisionTable.class).toInstance(DecisionTableReader.shipped());
        bind(ReconcilerConfig.class).toInstance(reconciler);
        SINGLETONS.forEach(type -> bind(type).in(Scopes.SINGLETON));
        var recoveries = MapBinder.newMapBinder(binder(), JournalEntry.Kind.class, Recovery.class);
        recoveries.addBinding(JournalEntry.Kind.RESET).to(ResetRecovery.class).in(Scopes.SINGLETON);
        recoveries.addBinding(JournalEntry.Kind.REFRESH).to(RefreshRecovery.class).in(Scopes.SINGLETON);
    }
}
