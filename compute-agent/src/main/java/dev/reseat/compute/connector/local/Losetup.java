package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Within;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Makes loop devices and removes them. */
final class Losetup {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final CommandRunner commands;
    private final LoopDevices devices;

    @Inject
    Losetup(CommandRunner commands, LoopDevices devices) {
        this.commands = commands;
        this.devices = devices;
    }

    Path attach(Path file, Deadline deadline) {
        try {
            var command = Command.of(Within.atMost(LIMIT, deadline), "losetup", "--find", "--show", file.toString());
            return Path.of(commands.run(command).lines().getFirst());
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed("no loop device for " + file + ": " + e.getMessage(), e);
        }
    }

    /** When this returns, the device has no file any more. */
    void detach(Path loop, Deadline deadline) throws IOException {
        try {
            commands.run(Command.of(Within.atMost(LIMIT, deadline), "losetup", "--detach", loop.toString()));
        } catch (CommandFailed e) {
            if (!devices.isFree(loop)) {
                throw new ConnectorException.Failed("cannot detach " + loop + ": " + e.getMessage(), e);
            }
        }
        // of a device in use losetup reports success, and the kernel only notes that its last close shall free it
        if (!Within.holds(Within.atMost(SETTLING, deadline), () -> devices.isFree(loop))) {
            throw new ConnectorException.Busy(loop + " is in use; the kernel frees it at its last close");
        }
    }
}
