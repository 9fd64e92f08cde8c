package dev.reseat.compute.connector.nfs;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileLocks;
import dev.reseat.host.Findings;
import dev.reseat.host.LoopDevices;
import dev.reseat.host.RegularFiles;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mounts shares as Nova does. The mount is nobody's: it comes with a share's first volume and goes with its last, and
 * stays while a nova-compute runs here, which counts in its own memory who uses it, and where this process would take
 * it from its own sight only.
 */
final class NfsConnector implements VolumeConnector<ConnectionInfo.Nfs> {
    private final NfsMounts mounts;
    private final FileLocks locks;
    private final LoopDevices loops;
    private final NovaProcesses nova;

    NfsConnector(NfsMounts mounts, FileLocks locks, LoopDevices loops, NovaProcesses nova) {
        this.mounts = mounts;
        this.locks = locks;
        this.loops = loops;
        this.nova = nova;
    }

    @Override
    public Class<ConnectionInfo.Nfs> handles() {
        return ConnectionInfo.Nfs.class;
    }

    /** The file is there for a guest then; nobody holds it before the guest has opened it. */
    @Override
    public Device connect(ConnectionInfo.Nfs connection, Deadline deadline) {
        Path file = file(connection);
        try {
            if (!mounts.has(connection)) {
                mounts.mount(connection, deadline);
                if (!mounts.has(connection)) {
                    throw new ConnectorException.Failed("the share of " + file + " was mounted and is not there");
                }
            }
        } catch (IOException e) {
            throw new ConnectorException.Failed("the share of " + file + " cannot be mounted: " + e, e);
        }
        requireThere(file);
        return Device.at(file);
    }

    private static void requireThere(Path file) {
        try {
            if (!RegularFiles.isThere(file)) {
                throw new ConnectorException.Failed(file + " is not on its share");
            }
        } catch (IOException e) {
            throw new ConnectorException.Failed("whether " + file + " is on its share cannot be told: " + e, e);
        }
    }

    @Override
    public void disconnect(ConnectionInfo.Nfs connection, Deadline deadline) {
        try {
            if (!mounts.has(connection)) {
                requireMountedNowhere(connection);
                return;
            }
            Findings<String> users = users(file(connection));
            switch (users.any()) {
                case NO -> {}
                case YES -> throw new ConnectorException.Busy(file(connection) + " is in use: " + users.detail(""));
                case UNKNOWN -> throw new ConnectorException.Failed(file(connection) + ": " + users.detail(""));
            }
            if (mounts.areTheHosts() && nova.running().any() == Answer.NO) {
                mounts.unmount(connection, deadline);
            }
        } catch (IOException e) {
            throw new ConnectorException.Failed("the mounts of this host cannot be read: " + e, e);
        }
    }

    /** What is mounted in another's sight only is not looked into from here. */
    private void requireMountedNowhere(ConnectionInfo.Nfs connection) throws IOException {
        Inspection elsewhere = elsewhere(connection);
        if (elsewhere.held() != Answer.NO) {
            throw new ConnectorException.Failed(elsewhere.detail());
        }
    }

    private Inspection elsewhere(ConnectionInfo.Nfs connection) throws IOException {
        Path folder = mounts.folder(connection);
        Findings<Path> others = mounts.elsewhere();
        if (others.found().contains(folder)) {
            return Inspection.unknown(
                    "a share is mounted at " + folder + " in the sight of another process, and not of this one");
        }
        return others.doubts().isEmpty()
                ? new Inspection(List.of(new DeviceObservation(
                        "nfs mount", Answer.NO, "no share is mounted at " + folder)))
                : Inspection.unknown("no share is mounted at " + folder + " here, but "
                        + String.join("; ", others.doubts()));
    }

    @Override
    public Inspection inspect(ConnectionInfo.Nfs connection) {
        try {
            if (!mounts.has(connection)) {
                return elsewhere(connection);
            }
        } catch (IOException e) {
            return Inspection.unknown("the mounts of this host cannot be read: " + e);
        }
        Findings<String> users = users(file(connection));
        return new Inspection(List.of(new DeviceObservation(
                "nfs file", users.any(), file(connection) + ": " + users.detail("no lock and no loop device on it"))));
    }

    /** Files that somebody has a lock on; who has none is not told from those whom nobody uses. */
    @Override
    public HostInventory.Result inventory() {
        List<HostInventory.Held> held = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        try {
            for (Path share : mounts.all()) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(share)) {
                    files.forEach(file -> held(file, blind).ifPresent(held::add));
                }
            }
            Findings<Path> others = mounts.elsewhere();
            others.found().forEach(share -> blind.add(share + " is mounted in the sight of another process only"));
            blind.addAll(others.doubts());
        } catch (IOException | DirectoryIteratorException e) {
            blind.add("shares of this host cannot be read: " + e);
        }
        return new HostInventory.Result(held, Optional.empty(), blind);
    }

    /** Empty for what nobody has, and for what cannot be looked at. */
    private Optional<HostInventory.Held> held(Path file, List<String> blind) {
        try {
            Findings<String> users = RegularFiles.isThere(file) ? users(file) : Findings.none();
            return users.any() == Answer.NO
                    ? Optional.empty()
                    : Optional.of(new HostInventory.Held(ConnectionInfo.Nfs.TYPE, file.getFileName().toString(),
                            users.any(), file + ": " + users.detail("")));
        } catch (IOException e) {
            blind.add(file + " cannot be looked at: " + e);
            return Optional.empty();
        }
    }

    private Findings<String> users(Path file) {
        return locks.on(file).map(Object::toString).with(loops.on(file).map(Object::toString));
    }

    private Path file(ConnectionInfo.Nfs connection) {
        Path folder = mounts.folder(connection);
        Path file = folder.resolve(connection.name()).normalize();
        if (!folder.equals(file.getParent())) {
            throw new ConnectorException.Refused("the name of the volume's file leads out of its share");
        }
        return file;
    }
}
