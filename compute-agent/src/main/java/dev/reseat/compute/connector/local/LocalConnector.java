package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.DeviceUsers;
import dev.reseat.host.Findings;
import dev.reseat.host.LoopDevices;
import dev.reseat.host.LoopDevices.LoopDevice;
import dev.reseat.host.RegularFiles;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes a volume file so that it is really held: by a lock, and by a loop device on top where that is wanted. A block
 * device is used as it is. Which of them is there is read from the kernel each time, so a crash leaves nothing to
 * remember, and a change of {@code use_loop} does not strand what was connected before. A loop device that was not made
 * under this host's own lock is somebody else's and stays. (Upstream's connector of this name changes nothing.)
 */
final class LocalConnector implements VolumeConnector<ConnectionInfo.Local> {
    private final LocalConfig config;
    private final VolumeFolders folders;
    private final Losetup losetup;
    private final LoopDevices loops;
    private final HeldFiles holds;
    private final DeviceUsers users;

    @Inject
    LocalConnector(
            LocalConfig config,
            VolumeFolders folders,
            Losetup losetup,
            LoopDevices loops,
            HeldFiles holds,
            DeviceUsers users) {
        this.config = config;
        this.folders = folders;
        this.losetup = losetup;
        this.loops = loops;
        this.holds = holds;
        this.users = users;
    }

    @Override
    public Class<ConnectionInfo.Local> handles() {
        return ConnectionInfo.Local.class;
    }

    @Override
    public Device connect(ConnectionInfo.Local connection, Deadline deadline) {
        Path device = folders.real(connection.device());
        if (!attempt("look at " + device, () -> RegularFiles.isThere(device))) {
            if (!Files.exists(device)) {
                throw new ConnectorException.Failed("Volume device not found at " + device + ".");
            }
            return Device.at(device);
        }
        return attempt("connect " + device,
                () -> config.usesLoop() ? onLoop(device, deadline) : held(device, deadline));
    }

    private Device onLoop(Path file, Deadline deadline) throws IOException {
        List<LoopDevice> there = seen(loops.on(file), file).found();
        boolean ours = holds.isOurs(file, HeldFiles.Use.LOOP);
        if (!there.isEmpty()) {
            return Device.at(own(there, ours, file).node());
        }
        holds.take(file, HeldFiles.Use.LOOP, deadline);
        return Device.at(losetup.attach(file, deadline));
    }

    private Device held(Path file, Deadline deadline) throws IOException {
        List<LoopDevice> there = seen(loops.on(file), file).found();
        if (!there.isEmpty()) {
            throw new ConnectorException.Busy(file + " is the file of " + there.getFirst().node());
        }
        holds.take(file, HeldFiles.Use.FILE, deadline);
        return Device.at(file);
    }

    @Override
    public void disconnect(ConnectionInfo.Local connection, Deadline deadline) {
        Path device = folders.real(connection.device());
        if (Files.exists(device) && !Files.isRegularFile(device)) {
            return; // a block device was not made by a connect
        }
        attempt("disconnect " + device, () -> {
            boolean ours = holds.isOurs(device, HeldFiles.Use.LOOP);
            List<LoopDevice> there = seen(loops.on(device), device).found();
            if (!there.isEmpty()) {
                detach(own(there, ours, device).node(), device, deadline);
            }
            holds.release(device, deadline);
            return device;
        });
    }

    /** Who has the device open unseen is noticed by the kernel, which then keeps it: that is read back. */
    private void detach(Path loop, Path file, Deadline deadline) throws IOException {
        List<String> using = users.of(loop).found();
        if (!using.isEmpty()) {
            throw new ConnectorException.Busy(loop + " of " + file + " is used by " + using.getFirst());
        }
        losetup.detach(loop, deadline);
    }

    /** Of several devices nobody can tell which one is ours. */
    private static LoopDevice own(List<LoopDevice> there, boolean ours, Path file) {
        if (!ours || there.size() > 1) {
            throw new ConnectorException.Busy(file + " is the file of "
                    + String.join(", ", there.stream().map(loop -> loop.node().toString()).toList())
                    + ", which this agent has not made");
        }
        return there.getFirst();
    }

    private static <T> Findings<T> seen(Findings<T> findings, Path file) {
        if (findings.found().isEmpty() && !findings.doubts().isEmpty()) {
            throw new ConnectorException.Failed("who uses " + file + " cannot be told: "
                    + String.join("; ", findings.doubts()));
        }
        return findings;
    }

    @Override
    public Inspection inspect(ConnectionInfo.Local connection) {
        Path device;
        try {
            device = folders.real(connection.device());
        } catch (ConnectorException.Refused e) {
            return Inspection.unknown(e.getMessage());
        }
        if (Files.exists(device) && !Files.isRegularFile(device)) {
            return new Inspection(List.of(observation("device", device, users.of(device), "nothing uses it")));
        }
        return new Inspection(List.of(
                observation("loop device", device, loops.on(device), "none is on it"),
                observation("lock", device, holds.on(device), "there is none")));
    }

    @Override
    public HostInventory.Result inventory() {
        List<HostInventory.Held> held = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        for (Path folder : config.volumesDirs()) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> held(file, blind).ifPresent(held::add));
            } catch (IOException | UncheckedIOException e) {
                blind.add(folder + " cannot be listed: " + e);
            }
        }
        return new HostInventory.Result(held, Optional.empty(), blind);
    }

    /** Empty for what is known not to be held, and for what cannot be looked at. */
    private Optional<HostInventory.Held> held(Path file, List<String> blind) {
        try {
            if (!RegularFiles.isThere(file)) {
                return Optional.empty();
            }
        } catch (IOException e) {
            blind.add(file + " cannot be looked at: " + e);
            return Optional.empty();
        }
        Inspection seen = new Inspection(List.of(
                observation("loop device", file, loops.on(file), "none is on it"),
                observation("lock", file, holds.on(file), "there is none")));
        return seen.held() == Answer.NO
                ? Optional.empty()
                : Optional.of(new HostInventory.Held(
                        ConnectionInfo.Local.TYPE, file.getFileName().toString(), seen.held(), seen.detail()));
    }

    private static DeviceObservation observation(String what, Path device, Findings<?> findings, String nothing) {
        return new DeviceObservation(what, findings.any(), device + ": " + findings.detail(nothing));
    }

    private static <T> T attempt(String what, Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new ConnectorException.Failed("cannot " + what + ": " + e.getMessage(), e);
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }
}
