package dev.reseat.compute.connector.local;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The loop devices of this host, as {@code /sys/block} lists them; losetup makes and removes them. */
final class LoopDevices {
    private static final Path BLOCK = Path.of("/sys/block");
    private static final Path DEVICES = Path.of("/dev");
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final String DELETED = " (deleted)"; // the kernel's note on a file that has no name any more

    private final CommandRunner commands;

    @Inject
    LoopDevices(CommandRunner commands) {
        this.commands = commands;
    }

    /** @param file without symbolic links */
    List<Path> backedBy(Path file) throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(BLOCK))
            return found; // not Linux, or nothing mounted there: no loop devices either
        try (DirectoryStream<Path> loops = Files.newDirectoryStream(BLOCK, "loop*")) {
            for (Path loop : loops) {
                String backing = backingFile(loop.getFileName().toString());
                if (backing.equals(file.toString()) || backing.equals(file + DELETED))
                    found.add(DEVICES.resolve(loop.getFileName().toString()));
            }
        }
        return found;
    }

    Path attach(Path file) {
        try {
            var command = Command.of(LIMIT, "losetup", "--find", "--show", file.toString());
            return Path.of(commands.run(command).lines().getFirst());
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed("no loop device for " + file + ": " + e.getMessage(), e);
        }
    }

    /** When this returns, the device has no file any more. */
    void detach(Path loop) throws IOException {
        try {
            commands.run(Command.of(LIMIT, "losetup", "--detach", loop.toString()));
        } catch (CommandFailed e) {
            if (!isFree(loop))
                throw new ConnectorException.Failed("cannot detach " + loop + ": " + e.getMessage(), e);
        }
        // of a device in use losetup reports success, and the kernel only notes that its last close shall free it
        if (!ReadBack.within(SETTLING, () -> isFree(loop)))
            throw new ConnectorException.Busy(loop + " is in use; the kernel frees it at its last close");
    }

    private static boolean isFree(Path loop) throws IOException {
        return backingFile(loop.getFileName().toString()).isEmpty();
    }

    private static String backingFile(String loop) throws IOException {
        try {
            return Files.readString(BLOCK.resolve(loop).resolve("loop/backing_file")).strip();
        } catch (NoSuchFileException e) {
            return ""; // a free loop device has no such entry
        } catch (IOException e) {
            if (!Files.exists(BLOCK.resolve(loop).resolve("loop")))
                return ""; // freed while it was read
            throw e;
        }
    }
}
