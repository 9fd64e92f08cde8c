package dev.reseat.compute.connector.nfs;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.host.Findings;
import dev.reseat.host.MountTable;
import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The shares that this host has mounted where Nova mounts them. */
final class NfsMounts {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** Of umount, and of the helper that it calls for NFS; either code says other things too, and the words which. */
    private static final int[] BUSY = {32, 16};
    private static final String SO_SAID = "is busy";

    private final NfsConfig config;
    private final Path processes;
    private final MountTable table;
    private final CommandRunner commands;

    /** @param processes {@code /proc} */
    NfsMounts(NfsConfig config, Path processes, CommandRunner commands) {
        this.config = config;
        this.processes = processes;
        this.table = new MountTable(processes, Path.of("/etc/fstab"), config.sharedNamespace());
        this.commands = commands;
    }

    /** Where the share of a volume belongs: Nova names the folder by the share. */
    Path folder(ConnectionInfo.Nfs volume) {
        return MountTable.ofShare(config.mountPointBase(), export(volume));
    }

    /** Every folder below Nova's that is a mount, in the sight of this process. */
    List<Path> all() throws IOException {
        return table.here().stream().filter(this::isShare).map(Path::of).toList();
    }

    /** The same in the sight of others only, who may use what is on it. */
    Findings<Path> elsewhere() throws IOException {
        List<Path> here = all();
        Findings<String> everywhere = table.anywhere();
        return new Findings<>(
                everywhere.found()
                        .stream()
                        .filter(this::isShare)
                        .map(Path::of)
                        .filter(Predicate.not(here::contains))
                        .toList(),
                everywhere.doubts());
    }

    /** Others need not be paths here. */
    private boolean isShare(String place) {
        String base = config.mountPointBase() + "/";
        return place.startsWith(base) && place.indexOf('/', base.length()) < 0;
    }

    /**
     * Whether what is unmounted here is unmounted for the host. In a namespace of its own, as a systemd unit or a
     * container has it, a mount is never busy with the host's processes, and gone only from this one's sight.
     */
    boolean areTheHosts() {
        try {
            return namespace("self").equals(namespace("1"));
        } catch (IOException e) {
            return false; // it is not to be seen, so it stays
        }
    }

    private Path namespace(String process) throws IOException {
        return Files.readSymbolicLink(processes.resolve(process).resolve("ns/mnt"));
    }

    boolean has(ConnectionInfo.Nfs volume) throws IOException {
        return all().contains(folder(volume));
    }

    void mount(ConnectionInfo.Nfs volume, Deadline deadline) throws IOException {
        Files.createDirectories(folder(volume));
        List<String> words = new ArrayList<>(List.of("mount", "-t", "nfs"));
        config.options().ifPresent(options -> words.addAll(List.of("-o", options)));
        List<String> given = volume.options()
                .map(options -> List.of(options.reveal().strip().split("\\s+", -1)))
                .orElse(List.of());
        words.addAll(given);
        words.addAll(List.of(export(volume), folder(volume).toString()));
        run(Command.of(Within.atMost(LIMIT, deadline), words)
                .hiding(given.stream().filter(word -> !word.startsWith("-")).toArray(String[]::new)));
    }

    /**
     * Nothing where somebody else uses it still: then it goes with the last one. Otherwise it was seen to be gone;
     * below one mount may be another.
     */
    void unmount(ConnectionInfo.Nfs volume, Deadline deadline) throws IOException {
        CommandResult result = run(
                Command.of(Within.atMost(LIMIT, deadline), "umount", folder(volume).toString()).alsoAnswering(BUSY));
        if (result.exitCode() != 0 && result.errors().contains(SO_SAID)) {
            return;
        }
        if (result.exitCode() != 0) {
            throw new ConnectorException.Failed(folder(volume) + " stays mounted: " + result.errors().strip());
        }
        if (has(volume)) {
            throw new ConnectorException.Failed(folder(volume) + " was unmounted, and a share is mounted there still");
        }
    }

    private CommandResult run(Command command) {
        try {
            return commands.run(command);
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new ConnectorException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new ConnectorException.Failed(e.getMessage(), e);
        }
    }

    /** As the connection writes it: a folder's name is made of the very text. */
    private static String export(ConnectionInfo.Nfs volume) {
        return String.valueOf(volume.document().data().get("export"));
    }
}
