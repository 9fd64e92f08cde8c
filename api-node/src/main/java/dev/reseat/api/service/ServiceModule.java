package dev.reseat.api.service;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import java.time.InstantSource;
import java.util.List;

/** The flows. Needs store, remote and a notifier. */
public final class ServiceModule extends AbstractModule {
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
        bind(ReconcilerConfig.class).toInstance(reconciler);
        List.of(
                Volumes.class,
                Attachments.class,
                AttachmentState.class,
                LegacyConnections.class,
                BlockDevices.class,
                JournalQueries.class,
                Journal.class,
                Outbox.class,
                OutboxPublisher.class,
                HostEvidence.class,
                DriverStep.class,
                ResetCommit.class,
                ResetStatus.class,
                ResetRecovery.class,
                InstanceLock.class,
                RefreshSteps.class,
                RefreshAttachment.class,
                Reconciler.class)
                .forEach(type -> bind(type).in(Scopes.SINGLETON));
    }
}
