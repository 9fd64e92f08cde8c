package dev.reseat.compute.connector.iscsi;

import dev.reseat.compute.block.Disks;
import dev.reseat.compute.block.Multipath;
import dev.reseat.compute.block.SharedTable;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.connector.TargetNames;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.VolumeDisks;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Connects this host to volumes over iSCSI, one at a time and never beside os-brick. */
final class IscsiConnector implements VolumeConnector<ConnectionInfo.Iscsi> {
    private static final String NO_ISCSI = "this kernel shows no iSCSI (/sys/class/iscsi_transport)";

    private final HostConfig host;
    private final OsBrickLock lock;
    private final IscsiSessions sessions;
    private final SharedTable<List<IscsiSession>> table;
    private final Disks disks;
    private final TargetNames names;
    private final IscsiConnect connect;
    private final IscsiDisconnect disconnect;

    @Inject
    IscsiConnector(HostConfig host, OsBrickLock lock, CommandRunner commands, HostFiles files) {
        this(host, lock, commands, files.root());
    }

    /** @param root where the host's file system is found */
    IscsiConnector(HostConfig host, OsBrickLock lock, CommandRunner commands, Path root) {
        this.host = host;
        this.lock = lock;
        this.sessions = new IscsiSessions(root);
        this.table = new SharedTable<>("the table of sessions", sessions::all);
        this.disks = new Disks(root, commands);
        this.names = new TargetNames(host.volumeNames());
        IscsiAdm admin = new IscsiAdm(commands);
        VolumeDisks volume = new VolumeDisks(disks, new Multipath(commands));
        this.connect = new IscsiConnect(sessions, admin, volume, commands);
        this.disconnect = new IscsiDisconnect(sessions, admin, volume);
    }

    @Override
    public Class<ConnectionInfo.Iscsi> handles() {
        return ConnectionInfo.Iscsi.class;
    }

    @Override
    public Device connect(ConnectionInfo.Iscsi connection, Deadline deadline) {
        requireIscsi();
        try (var _ = lock.hold(deadline)) {
            try {
                return connect.run(connection, host.multipath(), deadline);
            } catch (ConnectorException.Failed e) {
                takeBack(connection, deadline, e);
                throw e;
            }
        } catch (IOException e) {
            throw new ConnectorException.Failed("the kernel's sessions cannot be read: " + e, e);
        }
    }

    private void takeBack(ConnectionInfo.Iscsi connection, Deadline deadline, ConnectorException first)
            throws IOException {
        try {
            disconnect.run(connection, deadline);
        } catch (ConnectorException e) {
            first.addSuppressed(e);
        }
    }

    @Override
    public void requireAble() {
        requireIscsi();
        lock.requireShared();
    }

    @Override
    public void disconnect(ConnectionInfo.Iscsi connection, Deadline deadline) {
        requireIscsi();
        try (var _ = lock.hold(deadline)) {
            disconnect.run(connection, deadline);
        } catch (IOException e) {
            throw new ConnectorException.Failed("the kernel's sessions cannot be read: " + e, e);
        }
        Inspection after = inspect(connection);
        if (after.held() != Answer.NO) {
            throw new ConnectorException.Failed("disconnected, and yet " + after.detail());
        }
    }

    @Override
    public Inspection inspect(ConnectionInfo.Iscsi connection) {
        if (!sessions.kernelHasIscsi()) {
            return Inspection.unknown(NO_ISCSI);
        }
        try {
            List<IscsiSession> all = table.get();
            List<DeviceObservation> seen = new ArrayList<>();
            for (IscsiPath way : ways(connection, all)) {
                seen.add(observation(way, IscsiDisconnect.of(way, all).toList()));
            }
            return new Inspection(seen);
        } catch (IOException e) {
            return Inspection.unknown("the kernel's sessions cannot be read: " + e);
        }
    }

    /** What the connection names, and its targets at other portals: a discovery may have found them. */
    private static Set<IscsiPath> ways(ConnectionInfo.Iscsi connection, List<IscsiSession> all) {
        Set<IscsiPath> ways = new LinkedHashSet<>(connection.paths());
        for (IscsiPath way : connection.paths()) {
            all.stream()
                    .filter(session -> session.iqn().equals(way.iqn()))
                    .filter(session -> connection.paths().stream().noneMatch(session::isOf))
                    .forEach(session -> ways.add(new IscsiPath(session.portal(), session.iqn(), way.lun())));
        }
        return ways;
    }

    /** A session that has other units only is theirs; one without any brings the volume with the next scan. */
    private DeviceObservation observation(IscsiPath way, List<IscsiSession> open) {
        if (open.isEmpty()) {
            return new DeviceObservation("iscsi session", Answer.NO, "none of " + way.iqn() + " at " + way.portal());
        }
        List<String> seen = open.stream().flatMap(session -> session.disks(way.lun()).stream()).toList();
        boolean foreign = seen.isEmpty() && open.stream().allMatch(session -> session.hasOthers(way.lun()));
        String units = seen.isEmpty()
                ? foreign ? "; it has other units only" : "; it has no disk now"
                : "; " + seen.stream().map(this::shown).collect(Collectors.joining(", "));
        return new DeviceObservation("iscsi session", Answer.of(!foreign), open.getFirst() + units);
    }

    private String shown(String disk) {
        return "/dev/" + disk + disks.state(disk).map(state -> " " + state).orElse("");
    }

    /** Of a target that is not one volume's, whoever is not named may be there. */
    @Override
    public HostInventory.Result inventory() {
        if (!sessions.kernelIsSeen()) {
            return new HostInventory.Result(
                    List.of(), Optional.empty(), List.of("this host's kernel is not to be seen (/sys)"));
        }
        try {
            Map<String, List<IscsiSession>> byTarget = new LinkedHashMap<>();
            for (IscsiSession session : sessions.all()) {
                byTarget.computeIfAbsent(session.iqn(), _ -> new ArrayList<>()).add(session);
            }
            List<HostInventory.Held> held = new ArrayList<>();
            List<String> blind = new ArrayList<>();
            byTarget.forEach((iqn, open) -> {
                held.add(new HostInventory.Held(ConnectionInfo.Iscsi.TYPE, iqn, Answer.YES,
                        open.stream().map(IscsiSession::toString).collect(Collectors.joining("; "))));
                if (!names.tellTheVolume(iqn, IscsiSession.units(open))) {
                    blind.add(open.getFirst() + ": whose its units are is not told by its name");
                }
            });
            return new HostInventory.Result(held, Optional.empty(), blind);
        } catch (IOException e) {
            return new HostInventory.Result(
                    List.of(), Optional.empty(), List.of("the kernel's iSCSI sessions cannot be read: " + e));
        }
    }

    private void requireIscsi() {
        if (!sessions.kernelHasIscsi()) {
            throw new ConnectorException.Failed(NO_ISCSI);
        }
    }
}
