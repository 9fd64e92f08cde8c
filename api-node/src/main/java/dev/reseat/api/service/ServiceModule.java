package dev.reseat.api.service;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import com.google.inject.multibindings.MapBinder;
import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.api.evidence.Repair;
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
import java.util.Map;

/** The flows. Needs store, remote and a notifier. */
public final class ServiceModule extends AbstractModule {
    private static final List<Class<?>> SINGLETONS = List.of(
            Volumes.class,
            VolumeServices.class,
            Attachments.class,
            AttachmentState.class,
            UnservedOperations.class,
            DetachGuard.class,
            LegacyConnections.class,
            BlockDevices.class,
            JournalQueries.class,
            Journal.class,
            Outbox.class,
            OutboxPublisher.class,
            BacklogGauges.class,
            RunningServices.class,
            ResetEvidence.class,
            RefreshEvidence.class,
            RefreshNeed.class,
            InsteadOfReset.class,
            ResetDriver.class,
            ResetCommit.class,
            ResetSteps.class,
            ResetFlow.class,
            ResetVolume.class,
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
            Captures.class,
            GuestsOverAddresses.class,
            StillThere.class,
            LettingGo.class,
            Remedies.class,
            Repairs.class,
            ClientFencing.class,
            Undo.class,
            Receipts.class,
            Reconciler.class,
            CastReports.class);

    private static final Map<Repair, Class<? extends Remedy>> REMEDIES = Map.of(
            Repair.DELETE_MAPPING, MappingDeletion.class,
            Repair.DELETE_LEFTOVER, LeftoverDeletion.class,
            Repair.RESTORE_ATTACHMENT, AttachmentRestoration.class,
            Repair.REMOVE_FROM_HOST, HostRemoval.class,
            Repair.DISCONNECT_HOST, HostDisconnection.class,
            Repair.FINISH_DELETE, DeleteCompletion.class,
            Repair.BREAK_LOCK, LockBreaking.class);

    private final String host;
    private final ReconcilerConfig reconciler;
    private final ReceiptConfig receipts;

    /** @param host this node's name in what it publishes */
    public ServiceModule(String host, ReconcilerConfig reconciler, ReceiptConfig receipts) {
        this.host = host;
        this.reconciler = reconciler;
        this.receipts = receipts;
    }

    @Override
    protected void configure() {
        bind(InstantSource.class).toInstance(InstantSource.system());
        bind(Outbox.Names.class).toInstance(new Outbox.Names(host));
        install(new DiagnosisModule());
        bind(DecisionTable.class).toInstance(DecisionTableReader.shipped());
        bind(ReconcilerConfig.class).toInstance(reconciler);
        bind(ReceiptConfig.class).toInstance(receipts);
        SINGLETONS.forEach(type -> bind(type).in(Scopes.SINGLETON));
        var recoveries = MapBinder.newMapBinder(binder(), JournalEntry.Kind.class, Recovery.class);
        recoveries.addBinding(JournalEntry.Kind.RESET).to(ResetRecovery.class).in(Scopes.SINGLETON);
        recoveries.addBinding(JournalEntry.Kind.REFRESH).to(RefreshRecovery.class).in(Scopes.SINGLETON);
        recoveries.addBinding(JournalEntry.Kind.REPAIR).to(RemedyRecovery.class).in(Scopes.SINGLETON);
        recoveries.addBinding(JournalEntry.Kind.FENCE).toInstance(new FenceRecovery());
        var remedies = MapBinder.newMapBinder(binder(), Repair.class, Remedy.class);
        REMEDIES.forEach((repair, type) -> remedies.addBinding(repair).to(type).in(Scopes.SINGLETON));
    }
}
