package dev.reseat.compute.connector.rbd;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Secret;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Has the kernel map images, as os-brick does for {@code do_local_attach}, and take them away. A keyring that comes
 * with the connection is in a file of our own, mode 0600, for as long as the program runs. Nothing is forced.
 */
final class KernelImages {
    private static final int BUSY = 16;
    private static final Set<String> OPTIONS = Set.of("--pool", "--id", "--mon_host", "--conf");

    private final CommandRunner commands;

    @Inject
    KernelImages(CommandRunner commands) {
        this.commands = commands;
    }

    /** What came of it is for {@link MappedImages} to say. */
    void map(ConnectionInfo.Rbd connection, Deadline deadline) {
        withFiles(connection, files -> {
            List<String> words = new ArrayList<>(
                    List.of("rbd", "map", connection.image(), "--pool", connection.pool()));
            words.addAll(access(connection, files));
            run(words, deadline);
        });
    }

    /** @throws ConnectorException.Busy somebody has it open */
    void unmap(ConnectionInfo.Rbd connection, String device, Deadline deadline) {
        withFiles(connection, files -> {
            List<String> words = new ArrayList<>(List.of("rbd", "unmap", device));
            words.addAll(access(connection, files));
            run(words, deadline);
        });
    }

    private static List<String> access(ConnectionInfo.Rbd connection, Optional<Path> configuration) {
        List<String> words = new ArrayList<>();
        connection.user().ifPresent(user -> words.addAll(List.of("--id", user)));
        if (!connection.monitors().isEmpty()) {
            words.addAll(List.of("--mon_host", monitors(connection)));
        }
        configuration.ifPresent(file -> words.addAll(List.of("--conf", file.toString())));
        return words;
    }

    private static String monitors(ConnectionInfo.Rbd connection) {
        return connection.monitors().stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private void run(List<String> words, Deadline deadline) {
        if (words.subList(2, words.size()).stream().anyMatch(KernelImages::isHostile)) {
            throw new ConnectorException.Refused("a name in the connection would be taken for an option");
        }
        if (deadline.isOver()) {
            throw new ConnectorException.Failed("no time was left to run " + String.join(" ", words));
        }
        try {
            commands.run(Command.of(deadline.remaining(), words));
        } catch (CommandFailed.Exited e) {
            if (e.exitCode() == BUSY) {
                throw new ConnectorException.Busy(e.getMessage());
            }
            throw new ConnectorException.Failed(e.getMessage(), e);
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new ConnectorException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }

    /** Options of ours are the only words that begin so. */
    private static boolean isHostile(String word) {
        return word.startsWith("-") && !OPTIONS.contains(word);
    }

    private interface Use {
        void of(Optional<Path> configuration);
    }

    /** Without a keyring in the connection the host's own files have to do. */
    private static void withFiles(ConnectionInfo.Rbd connection, Use use) {
        if (connection.keyring().isEmpty()) {
            use.of(Optional.empty());
            return;
        }
        try {
            Path directory = Files.createTempDirectory("reseat-rbd", mode("rwx------"));
            Path keyring = directory.resolve("keyring");
            Path configuration = directory.resolve("ceph.conf");
            try {
                write(keyring, connection.keyring().map(Secret::reveal).orElseThrow());
                write(configuration, "[global]\nmon host = " + monitors(connection) + "\nkeyring = " + keyring + "\n");
                use.of(Optional.of(configuration));
            } finally {
                Files.deleteIfExists(keyring);
                Files.deleteIfExists(configuration);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new ConnectorException.Failed("a file for rbd cannot be written or removed: " + e, e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createFile(file, mode("rw-------"));
        Files.writeString(file, text.endsWith("\n") ? text : text + "\n");
    }

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
