package dev.reseat.compute.connector.rbd;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The program {@code rbd} and the kernel behind it, since most machines that run tests have no such kernel: answers and
 * exit codes are those of a real one, and what it maps shows in a folder as in {@code /sys/bus/rbd/devices}.
 */
final class KernelRbd implements CommandRunner {
    private final Path devices;
    private final List<List<String>> ran = new ArrayList<>();
    private final List<String> keyrings = new ArrayList<>();
    private int next;
    private boolean busy;

    KernelRbd(Path devices) {
        this.devices = devices;
    }

    /** From now on somebody has every device open. */
    void open() {
        busy = true;
    }

    List<List<String>> ran() {
        return ran;
    }

    /** The permissions and contents of files it was given, as it saw them. */
    List<String> files() {
        return keyrings;
    }

    @Override
    public CommandResult run(Command command) {
        List<String> words = command.words();
        ran.add(words);
        try {
            if (words.contains("--conf")) {
                see(Path.of(words.get(words.indexOf("--conf") + 1)));
            }
            return switch (words.get(1)) {
                case "map" -> map(words.get(words.indexOf("--pool") + 1), words.get(2));
                case "unmap" -> unmap(command, words.get(2));
                default -> throw new AssertionError("unexpected " + words);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void see(Path configuration) throws IOException {
        Path keyring = configuration.resolveSibling("keyring");
        for (Path file : List.of(configuration, keyring)) {
            keyrings.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " "
                    + Files.readString(file));
        }
    }

    private CommandResult map(String pool, String image) throws IOException {
        Path device = Files.createDirectories(devices.resolve(String.valueOf(next)));
        Files.writeString(device.resolve("pool"), pool + "\n");
        Files.writeString(device.resolve("name"), image + "\n");
        return new CommandResult(0, "/dev/rbd" + next++ + "\n", "");
    }

    private CommandResult unmap(Command command, String node) throws IOException {
        if (busy) {
            throw new CommandFailed.Exited(command, 16,
                    "rbd: sysfs write failed\nrbd: unmap failed: (16) Device or resource busy\n");
        }
        Path device = devices.resolve(node.substring("/dev/rbd".length()));
        Files.delete(device.resolve("pool"));
        Files.delete(device.resolve("name"));
        Files.delete(device);
        return new CommandResult(0, "", "");
    }
}
