package dev.reseat.api.service;

import dev.reseat.api.evidence.DecisionTableReader;
import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.FlowRunner;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Reconciler;
import dev.reseat.api.flow.ReconcilerConfig;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.service.diagnosis.Diagnoses;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeMetadataTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.CircumstancesTable;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The services on real databases, with a backend and an agent by hand behind the in-process transport. */
class ServiceFixture extends OnCloud implements AutoCloseable {
    static final RequestContext ADMIN = RequestContext.of("admin", CloudFixture.PROJECT, true, "req-test");

    final Database database = cloud.database();
    private final Cells cells = Cells.of(database);
    final Transport transport = new MemoryTransport(new MemoryBroker());
    final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(10)), meters);
    private final RemoteConfig remote = remoteConfig();
    private final InstantSource clock = InstantSource.system();
    private final VolumeTable volumeTable = new VolumeTable();
    private final AttachmentTable attachmentTable = new AttachmentTable();
    private final InstanceTable instanceTable = new InstanceTable();
    private final BlockDeviceTable deviceTable = new BlockDeviceTable();
    private final JournalTable journalTable = new JournalTable();
    private final ProcessLeases owners =
            new ProcessLeases(database, new LeaseTable(), new LeaseConfig(Duration.ofSeconds(30)));
    private final VolumeClient volumeClient = new VolumeClient(client, remote);
    private final ComputeClient computeClient =
            new ComputeClient(_ -> client, remote, new RecordedVersions(cells, new ComputeServiceTable()));

    final Volumes volumes = new Volumes(database, volumeTable, new VolumeMetadataTable());
    final Journal journal = new Journal(database, journalTable, owners, clock);
    final JournalQueries journalQueries = new JournalQueries(database, journalTable);
    final BlockDevices devices = new BlockDevices(cells, deviceTable, instanceTable);
    final Attachments attachments = new Attachments(
            database, volumes, volumeTable, attachmentTable, volumeClient, new DetachGuard(devices, new ServiceRole()),
            clock);
    final AttachmentState state = new AttachmentState(database, volumeTable, attachmentTable, attachments, clock);
    final Outbox outbox = new Outbox(new OutboxTable(), clock, new Outbox.Names("api-1"));
    private final ResetCommit commit = new ResetCommit(database, volumeTable, attachmentTable, outbox, clock);
    private final Diagnosis diagnosis = Diagnoses.of(database, computeClient, volumeClient, clock);
    final DiagnoseVolumes diagnoses = new DiagnoseVolumes(
            new VolumeSelector(database, cells, volumes, attachmentTable, deviceTable, new CircumstancesTable()),
            volumes,
            diagnosis,
            Diagnoses.byInventory(database, computeClient, volumeClient, clock),
            computeClient,
            DecisionTableReader.shipped());
    private final ResetEvidence sources = new ResetEvidence(diagnosis, computeClient);
    private final ResetFlow resetFlow = new ResetFlow(
            new FlowRunner(),
            new ResetSteps(new ResetDriver(volumeClient, new InsteadOfReset(volumeClient)), sources, commit));
    final ResetVolume resets = new ResetVolume(volumes, sources, resetFlow, journal, computeClient);
    private final InstanceLock lock = new InstanceLock(cells, instanceTable, database, journalTable, clock);
    private final RefreshSteps steps = new RefreshSteps(
            new MappingWriter(cells, deviceTable, instanceTable, clock),
            devices,
            attachments,
            volumes,
            computeClient,
            new Surroundings(computeClient, volumeClient),
            lock);
    private final RefreshFlow flow = new RefreshFlow(new FlowRunner(), steps);
    final RefreshAttachment refreshes = new RefreshAttachment(
            devices, volumes, journal, flow, new RefreshEvidence(volumes, diagnosis, computeClient),
            new RefreshNeed(volumeClient, computeClient),
            new RefreshPerformers(computeClient, volumeClient), computeClient, lock);

    private final StillThere still = new StillThere(volumes, devices);
    private final MappingWriter mappings = new MappingWriter(cells, deviceTable, instanceTable, clock);
    private final LettingGo letGo = new LettingGo(still, diagnosis, computeClient);
    final Remedies remedies = new Remedies(
            Map.of(
                    Repair.DELETE_MAPPING, new MappingDeletion(devices, mappings, still),
                    Repair.DELETE_LEFTOVER, new LeftoverDeletion(devices, attachments, still),
                    Repair.RESTORE_ATTACHMENT, new AttachmentRestoration(
                            database, volumeTable, attachmentTable, devices, still, clock),
                    Repair.REMOVE_FROM_HOST, new HostRemoval(
                            devices, attachments, mappings, still, letGo, computeClient),
                    Repair.DISCONNECT_HOST, new HostDisconnection(
                            devices, attachments, still, letGo, computeClient),
                    Repair.FINISH_DELETE, new DeleteCompletion(volumeClient, still),
                    Repair.BREAK_LOCK, new LockBreaking(volumeClient, still)),
            journal, new FlowRunner());
    final Repairs repairs = new Repairs(diagnoses, resets, refreshes, devices, computeClient, remedies);
    final ClientFencing fencing = new ClientFencing(volumes, volumeClient, journal, new FlowRunner());
    final Undo undo = new Undo(journal, resets, computeClient, remedies);

    ServiceFixture() {
        this(CloudFixture.open());
    }

    ServiceFixture(CloudFixture cloud) {
        super(cloud);
        owners.start();
    }

    /** How long peers are waited for; asked once, before anything else of the fixture is there. */
    RemoteConfig remoteConfig() {
        return new RemoteConfig(
                "openstack", "nova", Duration.ofMillis(1500), Duration.ofMillis(1500), Optional.empty(),
                Optional.empty());
    }

    /** @param patience how long ago an entry may have been opened before its peers are given up */
    Reconciler reconciler(Duration patience) {
        return reconciler(journal, patience);
    }

    /** The same of another api-node. */
    Reconciler reconciler(Journal its, Duration patience) {
        return new Reconciler(
                its,
                Map.of(
                        JournalEntry.Kind.RESET, new ResetRecovery(volumes, sources, resetFlow, computeClient),
                        JournalEntry.Kind.REFRESH, new RefreshRecovery(flow, devices, computeClient, clock),
                        JournalEntry.Kind.REPAIR, new RemedyRecovery(remedies, computeClient),
                        JournalEntry.Kind.FENCE, new FenceRecovery()),
                new ReconcilerConfig(Duration.ofHours(1), patience),
                clock,
                meters);
    }

    /** As a process leaves it that dies in the last of these steps of a reset. */
    void cutOffReset(String volume, StateRequest request, String... steps) {
        try (var entry = journal.open(
                ADMIN,
                new Journal.Intention(
                        JournalEntry.Kind.RESET, volume, Optional.empty(), Optional.empty(), request,
                        volume(volume).guard()))) {
            for (String step : steps) {
                entry.step(step, Phase.BEGUN, Map.of());
            }
        }
    }

    Volume volume(String id) {
        return volumes.show(ADMIN, id);
    }

    Attachment anyAttachment(String id) {
        return database.cinder().transaction(tx -> attachmentTable.findEvenDeleted(tx, id)).orElseThrow();
    }

    JournalView lastEntry(String subject) {
        return journalQueries.ofSubject(subject, 1).getFirst();
    }

    int count(String table) {
        return database.cinder()
                .transaction(tx -> tx.handle()
                        .createQuery("SELECT count(*) FROM " + table)
                        .mapTo(int.class)
                        .one());
    }

    List<Map<String, Object>> nova(String sql) {
        return database.nova().transaction(tx -> tx.handle().createQuery(sql).mapToMap().list());
    }

    @Override
    public void close() {
        client.close();
        transport.close();
        owners.stop();
        cloud.close();
    }
}
