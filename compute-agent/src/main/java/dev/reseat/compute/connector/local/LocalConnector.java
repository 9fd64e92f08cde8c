package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectionInfo;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.Observation;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.contract.Answer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes a volume file so that it is really held: by a loop device, or by a lock. A block device is used as it is. Which
 * of them is there is read from the kernel each time, so a crash leaves nothing to remember, and a change of
 * {@code use_loop} does not strand what was connected before. (Upstream's connector of this name changes nothing.)
 */
final class LocalConnector implements VolumeConnector<ConnectionInfo.Local> {
    private final LocalConfig config;
    private final LoopDevices loops;
    private final HeldFiles holds;
    private final DeviceUsers users;

    @Inject
    LocalConnector(LocalConfig config, LoopDevices loops, HeldFiles holds, DeviceUsers users) {
        this.config = config;
        this.loops = loops;
        this.holds = holds;
        this.users = users;
    }

    @Override
    public Class<ConnectionInfo.Local> handles() {
        return ConnectionInfo.Local.class;
    }

    @Override
    public Device connect(ConnectionInfo.Local connection) {
        Path device = real(connection.device());
        if (!Files.exists(device))
            throw new ConnectorException.Failed("Volume device not found at " + device + ".");
        if (!Files.isRegularFile(device))
            return new Device(device);
        return attempt("connect " + device, () -> config.usesLoop() ? onLoop(device) : held(device));
    }

    private Device onLoop(Path file) throws IOException {
        List<Path> there = loops.backedBy(file);
        return new Device(there.isEmpty() ? loops.attach(file) : there.getFirst());
    }

    private Device held(Path file) throws IOException {
        List<Path> there = loops.backedBy(file);
        if (!there.isEmpty())
            throw new ConnectorException.Busy(file + " is the file of " + there.getFirst());
        holds.take(file);
        return new Device(file);
    }

    @Override
    public void disconnect(ConnectionInfo.Local connection) {
        Path device = real(connection.device());
        if (Files.exists(device) && !Files.isRegularFile(device))
            return; // a block device was not made by a connect
        attempt("disconnect " + device, () -> {
            for (Path loop : loops.backedBy(device)) {
                List<String> using = users.of(loop);
                if (!using.isEmpty())
                    throw new ConnectorException.Busy(loop + " of " + device + " is used by " + using.getFirst());
                loops.detach(loop);
            }
            holds.release(device);
            return device;
        });
    }

    @Override
    public Observation inspect(ConnectionInfo.Local connection) {
        Path device = real(connection.device());
        try {
            return Files.exists(device) && !Files.isRegularFile(device) ? inspectDevice(device) : inspectFile(device);
        } catch (IOException e) {
            return new Observation(Answer.UNKNOWN, device + " cannot be looked at: " + e.getMessage());
        }
    }

    private Observation inspectDevice(Path device) throws IOException {
        return users.of(device)
                .stream()
                .findFirst()
                .map(user -> new Observation(Answer.YES, device + " is used by " + user))
                .orElseGet(() -> new Observation(Answer.NO, "nothing uses " + device));
    }

    private Observation inspectFile(Path file) throws IOException {
        List<Path> there = loops.backedBy(file);
        if (!there.isEmpty())
            return new Observation(Answer.YES, there.getFirst() + " is on " + file);
        Optional<HeldFiles.Hold> hold = holds.holdsOn(file).stream().findFirst();
        return hold.map(found -> new Observation(Answer.YES, file + " is locked by " + found))
                .orElseGet(() -> new Observation(Answer.NO, "no loop device and no lock on " + file));
    }

    /** The kernel names files without symbolic links. */
    private static Path real(Path device) {
        try {
            return device.toRealPath();
        } catch (IOException e) {
            return device; // not there, or not readable: then the name that was given has to do
        }
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
