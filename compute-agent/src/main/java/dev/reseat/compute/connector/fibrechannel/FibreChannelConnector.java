package dev.reseat.compute.connector.fibrechannel;

import dev.reseat.compute.block.Disks;
import dev.reseat.compute.block.Multipath;
import dev.reseat.compute.block.SharedTable;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.VolumeDisks;
import dev.reseat.compute.connector.Within;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.FibreChannelPath;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Connects this host to logical units over Fibre Channel, one at a time and never beside os-brick. A unit is known by
 * its place only, so what shows there is taken for the volume only as far as it is one thing.
 */
final class FibreChannelConnector implements VolumeConnector<ConnectionInfo.FibreChannel> {
    private static final String NO_PORTS = "this host has no Fibre Channel port (/sys/class/fc_host)";
    private static final int SCANS = 3;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration READING = Duration.ofSeconds(30);

    private final HostConfig host;
    private final OsBrickLock lock;
    private final FibrePorts ports;
    private final SharedTable<List<FibrePorts.Target>> table;
    private final FibreScan scan;
    private final Disks disks;
    private final VolumeDisks volume;
    private final Duration pause;

    @Inject
    FibreChannelConnector(HostConfig host, OsBrickLock lock, CommandRunner commands, HostFiles files) {
        this(host, lock, commands, files.root(), PAUSE);
    }

    /**
     * @param root where the host's file system is found
     * @param pause how long a scan is given to show something
     */
    FibreChannelConnector(HostConfig host, OsBrickLock lock, CommandRunner commands, Path root, Duration pause) {
        this.host = host;
        this.lock = lock;
        this.ports = new FibrePorts(root);
        this.table = new SharedTable<>("the table of targets", ports::targets);
        this.scan = new FibreScan(ports, commands);
        this.disks = new Disks(root, commands);
        this.volume = new VolumeDisks(disks, new Multipath(commands));
        this.pause = pause;
    }

    @Override
    public Class<ConnectionInfo.FibreChannel> handles() {
        return ConnectionInfo.FibreChannel.class;
    }

    @Override
    public Device connect(ConnectionInfo.FibreChannel connection, Deadline deadline) {
        try {
            requirePorts();
            try (var _ = lock.hold(deadline)) {
                List<String> found = readable(connection, deadline);
                for (int i = 0; found.isEmpty() && i < SCANS; i++) {
                    scan.run(connection, deadline);
                    Within.holds(Within.atMost(pause, deadline), () -> !shown(connection).isEmpty());
                    found = readable(connection, deadline);
                }
                if (found.isEmpty()) {
                    throw new ConnectorException.Failed("no disk of " + described(connection) + " can be read");
                }
                return volume.device(found, host.multipath(), deadline);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** A disk that cannot be read is none: its unit may not be there any more. */
    private List<String> readable(ConnectionInfo.FibreChannel connection, Deadline deadline) throws IOException {
        List<String> found = shown(connection);
        requireOneVolume(found);
        return found.stream().filter(disk -> isReadable(disk, deadline)).toList();
    }

    private boolean isReadable(String disk, Deadline deadline) {
        try {
            disks.requireReadable(disk, Within.atMost(READING, deadline));
            return true;
        } catch (CommandFailed.Exited e) {
            return false;
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }

    @Override
    public void requireAble() {
        try {
            requirePorts();
        } catch (IOException e) {
            throw unreadable(e);
        }
        lock.requireShared();
    }

    @Override
    public void disconnect(ConnectionInfo.FibreChannel connection, Deadline deadline) {
        try {
            requirePorts();
            try (var _ = lock.hold(deadline)) {
                List<String> found = shown(connection);
                requireOneVolume(found);
                volume.remove(found, deadline);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        Inspection after = inspect(connection);
        if (after.held() != Answer.NO) {
            throw new ConnectorException.Failed("disconnected, and yet " + after.detail());
        }
    }

    private List<String> shown(ConnectionInfo.FibreChannel connection) throws IOException {
        List<FibrePorts.Target> targets = ports.targets();
        Set<String> found = new LinkedHashSet<>();
        for (FibreChannelPath path : connection.paths()) {
            found.addAll(FibrePorts.disks(path, targets));
        }
        return List.copyOf(found);
    }

    /**
     * A storage gives the number of a unit to another volume when it is free: then the places are not one volume's. Nor
     * is that shown where one of several disks has no name.
     */
    private void requireOneVolume(List<String> found) {
        List<Optional<String>> names = found.stream().map(disks::scsiId).distinct().toList();
        if (names.size() > 1 || (found.size() > 1 && names.contains(Optional.empty()))) {
            throw new ConnectorException.Refused("what shows where the volume is to be is not one volume: "
                    + found.stream()
                            .map(disk -> "/dev/" + disk + " is " + disks.scsiId(disk).orElse("without a name"))
                            .collect(Collectors.joining(", ")));
        }
    }

    @Override
    public Inspection inspect(ConnectionInfo.FibreChannel connection) {
        try {
            if (ports.all().isEmpty()) {
                return Inspection.unknown(NO_PORTS);
            }
            List<FibrePorts.Target> targets = table.get();
            List<DeviceObservation> seen = new ArrayList<>();
            for (FibreChannelPath path : connection.paths()) {
                List<String> found = FibrePorts.disks(path, targets);
                seen.add(new DeviceObservation("fibre channel unit", Answer.of(!found.isEmpty()),
                        "unit " + path.lun() + " behind " + path.target() + (found.isEmpty()
                                ? " has no disk"
                                : " is " + found.stream().map(this::shown).collect(Collectors.joining(", ")))));
            }
            return new Inspection(seen);
        } catch (IOException e) {
            return Inspection.unknown(unreadable(e).getMessage());
        }
    }

    private String shown(String disk) {
        return "/dev/" + disk + disks.state(disk).map(state -> " " + state).orElse("");
    }

    /** Nothing tells which volume a disk is, other than its place. */
    @Override
    public HostInventory.Result inventory() {
        if (!ports.kernelIsSeen()) {
            return new HostInventory.Result(
                    List.of(), Optional.empty(), List.of("this host's kernel is not to be seen (/sys)"));
        }
        try {
            List<HostInventory.Held> held = new ArrayList<>();
            for (FibrePorts.Target target : ports.targets()) {
                for (FibrePorts.Unit unit : target.units()) {
                    held.add(new HostInventory.Held(ConnectionInfo.FibreChannel.TYPE,
                            target.name() + "-lun-" + unit.lun(), Answer.YES, shown(unit.disk())));
                }
            }
            return new HostInventory.Result(held, Optional.empty(), List.of());
        } catch (IOException e) {
            return new HostInventory.Result(List.of(), Optional.empty(), List.of(unreadable(e).getMessage()));
        }
    }

    private void requirePorts() throws IOException {
        if (ports.all().isEmpty()) {
            throw new ConnectorException.Failed(NO_PORTS);
        }
    }

    private static String described(ConnectionInfo.FibreChannel connection) {
        return connection.paths()
                .stream()
                .map(path -> "unit " + path.lun() + " behind " + path.target())
                .collect(Collectors.joining(", "));
    }

    private static ConnectorException.Failed unreadable(IOException failure) {
        return new ConnectorException.Failed("the Fibre Channel ports of this host cannot be read: " + failure,
                failure);
    }
}
