package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.FencesClients;
import dev.reseat.volume.driver.InventoryPage;
import dev.reseat.volume.driver.ListedVolume;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTargets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Logical volumes of this host, each with an iSCSI target of its own that lets initiators in by name. Follows
 * {@code cinder.volume.drivers.lvm}; unlike it, a host that is kept out cannot come back with the password alone.
 */
final class LvmDriver implements VolumeDriver, DescribesConnections, ListsVolumes, FencesClients {
    static final String NAME = "lvm";
    private static final Pattern INITIATOR = Pattern.compile("(iqn|eui|naa)\\.\\S+");

    private final LvmConfig config;
    private final LogicalVolumes volumes;
    private final IscsiTargets targets;
    private final TargetClients clients;
    private final TargetLocation locations;
    private final ChapAccounts accounts = new ChapAccounts();
    private final KeyedLocks changing = new KeyedLocks();

    LvmDriver(LvmConfig config, LogicalVolumes volumes, IscsiTargets targets, TargetClients clients) {
        this.config = config;
        this.volumes = volumes;
        this.targets = targets;
        this.clients = clients;
        this.locations = new TargetLocation(config.targets(), targets.lun());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare(Deadline deadline) {
        probe(deadline);
    }

    @Override
    public void probe(Deadline deadline) {
        volumes.requireGroup(deadline);
        targets.probe(deadline);
    }

    @Override
    public Map<String, Object> capabilities() {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        capabilities.put("vendor_name", "Open Source");
        capabilities.put("driver_version", "3.0.0");
        capabilities.put("storage_protocol", "iSCSI");
        return capabilities;
    }

    @Override
    public void validate(Connector connector) {
        initiator(connector);
    }

    private static String initiator(Connector connector) {
        return connector.initiator().orElseThrow(() -> new DriverException.ConnectorRejected("initiator"));
    }

    @Override
    public Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        Path device = volumes.activate(volumes.find(nameOf(volume), deadline), deadline);
        Chap chap = known(volume).orElseGet(accounts::fresh);
        String iqn = iqn(volume);
        IscsiTarget target =
                alone(iqn, "create_export", deadline, () -> targets.export(iqn, device, chap, deadline));
        return Optional.of(new ModelUpdate(
                Optional.of(locations.text(target)), Optional.of(ChapAccounts.text(chap))));
    }

    @Override
    public ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        String iqn = iqn(volume);
        Chap chap = known(volume)
                .orElseThrow(() -> new DriverException.BackendFailed("volume " + volume.id() + " is not exported"));
        String initiator = initiator(access.connector());
        change(iqn, "initialize_connection", deadline, () -> targets.admit(iqn, initiator, chap, deadline));
        return connection(volume, access, chap);
    }

    /** Only of a target that lets this initiator in by its name: one that is open would be closed first. */
    @Override
    public Optional<ConnectionInfo> connection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        volumes.find(nameOf(volume), deadline);
        boolean in = targets.find(iqn(volume), deadline)
                .filter(target -> target.admitted().contains(initiator(access.connector())))
                .isPresent();
        return in ? known(volume).map(chap -> connection(volume, access, chap)) : Optional.empty();
    }

    private ConnectionInfo connection(BackendVolume volume, ConnectionRequest access, Chap chap) {
        String iqn = iqn(volume);
        Map<String, Object> data = new LinkedHashMap<>(locations.data(iqn, access.connector().multipath()));
        data.put("volume_id", volume.id());
        data.put("auth_method", chap.method());
        data.put("auth_username", chap.user());
        data.put("auth_password", chap.password().reveal());
        return ConnectionInfo.of(ConnectionInfo.Iscsi.TYPE, data);
    }

    @Override
    public ExportUse terminateConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        String initiator = initiator(access.connector());
        if (isNeeded(initiator, volume, access)) {
            return ExportUse.SHARED;
        }
        String iqn = iqn(volume);
        return alone(iqn, "terminate_connection", deadline, () -> {
            Set<String> kept = targets.find(iqn, deadline)
                    .map(target -> kept(target, volume))
                    .orElse(Set.of())
                    .stream()
                    .filter(other -> !InitiatorNames.same(other, initiator))
                    .collect(Collectors.toSet());
            targets.admitOnly(iqn, kept, deadline);
            return kept.isEmpty() ? ExportUse.NONE : ExportUse.SHARED;
        });
    }

    /** Whether another attachment comes by the same initiator: it is let in once for all of them. */
    private static boolean isNeeded(String initiator, BackendVolume volume, ConnectionRequest access) {
        long others = volume.attachments()
                .stream()
                .filter(attachment -> !access.attachmentId().equals(Optional.of(attachment.id())))
                .filter(attachment -> attachment.connector()
                        .flatMap(Connector::initiator)
                        .filter(other -> InitiatorNames.same(other, initiator))
                        .isPresent())
                .count();
        return others > (access.attachmentId().isPresent() ? 0 : 1);
    }

    /** Who is let in; of a target that is open to all, those who have an attachment. */
    private static Set<String> kept(IscsiTarget target, BackendVolume volume) {
        return target.open()
                ? volume.attachments()
                        .stream()
                        .map(VolumeAttachment::connector)
                        .flatMap(connector -> connector.flatMap(Connector::initiator).stream())
                        .collect(Collectors.toSet())
                : target.admitted();
    }

    @Override
    public void terminateConnections(BackendVolume volume, Deadline deadline) {
        String iqn = iqn(volume);
        change(iqn, "terminate_connections", deadline, () -> targets.admitOnly(iqn, Set.of(), deadline));
    }

    @Override
    public void removeExport(BackendVolume volume, Deadline deadline) {
        String iqn = iqn(volume);
        change(iqn, "remove_export", deadline, () -> targets.remove(iqn, deadline));
    }

    /** One at a time changes a target: who is let in by it is read, decided on and written. */
    private <T> T alone(String iqn, String work, Deadline deadline, Supplier<T> act) {
        try (var _ = hold(iqn, work, deadline)) {
            return act.get();
        }
    }

    private void change(String iqn, String work, Deadline deadline, Runnable act) {
        try (var _ = hold(iqn, work, deadline)) {
            act.run();
        }
    }

    private KeyedLocks.Held hold(String iqn, String work, Deadline deadline) {
        try {
            return changing.hold("target " + iqn, work, deadline);
        } catch (KeyedLocks.TimedOut | IllegalStateException e) {
            throw new DriverException.OutOfTime(e.getMessage(), e);
        }
    }

    /** First of all it is looked whether that is possible. iSCSI knows no time. */
    @Override
    public String fence(String client, Duration time, Deadline deadline) {
        if (!INITIATOR.matcher(client).matches()) {
            throw new DriverException.BackendFailed(client
                    + " is not the name of an initiator (iqn., eui. or naa.): a target lets in by names, and keeps"
                    + " nobody out by an address");
        }
        List<IscsiTarget> lettingIn = lettingIn(client, deadline);
        for (IscsiTarget target : lettingIn) {
            change(target.iqn(), "fence", deadline, () -> targets.keepOut(target.iqn(), client, deadline));
        }
        List<IscsiTarget> again = lettingIn(client, deadline);
        if (!again.isEmpty()) {
            throw new DriverException.BackendFailed(client + " was kept out, and " + again.getFirst().iqn()
                    + " has let it in meanwhile, as an attach to its host does");
        }
        return client + " is let in to no target any more, it was to " + lettingIn.size()
                + "; an attach to its host lets it in again";
    }

    /** @throws DriverException.BackendFailed if one is open to all: nobody is kept out of it by name */
    private List<IscsiTarget> lettingIn(String client, Deadline deadline) {
        List<IscsiTarget> all = targets.all(deadline)
                .values()
                .stream()
                .filter(target -> config.targets().volumeOf(target.iqn()).isPresent())
                .toList();
        all.stream().filter(IscsiTarget::open).findFirst().ifPresent(open -> {
            throw new DriverException.BackendFailed(
                    open.iqn() + " lets in whoever has its password: that nobody is called " + client
                            + " keeps no client out");
        });
        return all.stream().filter(target -> target.knows(client)).toList();
    }

    @Override
    public boolean knowsAttachments() {
        return false;
    }

    @Override
    public List<Client> describe(BackendVolume volume, Deadline deadline) {
        LogicalVolume found = volumes.find(nameOf(volume), deadline);
        return clients.of(found, targets.find(iqn(volume), deadline), volume.attachments());
    }

    /** Nobody can lock a logical volume for himself. */
    @Override
    public StoredVolume stored(BackendVolume volume, Deadline deadline) {
        return stored(volumes.find(nameOf(volume), deadline));
    }

    private static StoredVolume stored(LogicalVolume found) {
        return new StoredVolume(found.origin() ? ObjectState.BUSY : ObjectState.PRESENT, LockState.NONE);
    }

    @Override
    public Optional<Map<String, Object>> location(BackendVolume volume, Deadline deadline) {
        return location(nameOf(volume));
    }

    private Optional<Map<String, Object>> location(String name) {
        return Optional.of(Map.of(
                "driver_volume_type", ConnectionInfo.Iscsi.TYPE,
                "data", locations.data(config.targets().iqn(name), false)));
    }

    /**
     * Logical volumes, and targets whose logical volume is gone; no others than are called as volumes are: the group
     * may have those of this host, and snapshots.
     */
    @Override
    public InventoryPage inventory(Optional<String> after, int most, Deadline deadline) {
        Map<String, IscsiTarget> exported = new HashMap<>();
        targets.all(deadline)
                .forEach((iqn, target) -> config.targets()
                        .volumeOf(iqn)
                        .ifPresent(name -> exported.put(name, target)));
        Map<String, LogicalVolume> there = volumes.all(deadline);
        SortedSet<String> names = new TreeSet<>(there.keySet());
        names.addAll(exported.keySet());
        names.removeIf(Predicate.not(config.nameTemplate()::names));
        return InventoryPage.of(names, after, most, deadline,
                name -> listed(name, Optional.ofNullable(there.get(name)), exported.get(name)));
    }

    private ListedVolume listed(String name, Optional<LogicalVolume> volume, IscsiTarget target) {
        return volume
                .map(one -> new ListedVolume(
                        Answer.YES, clients.of(one, Optional.ofNullable(target), List.of()), stored(one),
                        location(name)))
                .orElseGet(() -> new ListedVolume(
                        Answer.NO, clients.of(target, List.of()), StoredVolume.UNTOLD, location(name)));
    }

    /** What is stored with the volume, or else what the target program has kept. */
    private Optional<Chap> known(BackendVolume volume) {
        return ChapAccounts.stored(volume.providerAuth()).or(() -> targets.password(iqn(volume)));
    }

    private String nameOf(BackendVolume volume) {
        return config.nameOf(volume.nameId());
    }

    private String iqn(BackendVolume volume) {
        return config.targets().iqn(nameOf(volume));
    }
}
