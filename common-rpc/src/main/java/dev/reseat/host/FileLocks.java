package dev.reseat.host;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The locks that processes of this host have on a file. Needs no privilege. Inside a container the kernel's table
 * leaves out what processes outside have taken, which is a doubt unless the settings rule it out, and what an ended
 * process has left to its children, for which the lock itself is tried. Another agent's try is no lock. Thread-safe.
 */
public final class FileLocks {
    /** The kernel's fixed number of the first PID namespace, whose table shows the locks of all. */
    static final Path FIRST_NAMESPACE = Path.of("pid:[4026531836]");
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int TAKEN = 75;
    /** Of a try: longer than another's try has the lock, who looks at the same file. */
    private static final int PATIENCE_SECONDS = 1;

    private final LockTable table;
    private final Path namespace;
    private final boolean sharedNamespace;
    private final CommandRunner commands;

    FileLocks(LockTable table, Path namespace, boolean sharedNamespace, CommandRunner commands) {
        this.table = table;
        this.namespace = namespace;
        this.sharedNamespace = sharedNamespace;
        this.commands = commands;
    }

    /** @param sharedNamespace that every process which may use the files runs in the PID namespace of this one */
    public static FileLocks onThisHost(boolean sharedNamespace, CommandRunner commands) {
        return new FileLocks(
                new LockTable(Path.of("/proc/locks"), Path.of("/proc")),
                Path.of("/proc/self/ns/pid"),
                sharedNamespace,
                commands);
    }

    /** A file that is not there, or whose folder is not, is a doubt: nobody can tell what it was called before. */
    public Findings<FileLock> on(Path file) {
        if (!Files.exists(file)) {
            return Findings.doubt(file + " is not to be seen; if it is on a share, that may not be mounted");
        }
        Findings<FileLock> shown = table.on(file);
        try {
            if (Files.readSymbolicLink(namespace).equals(FIRST_NAMESPACE)) {
                return shown;
            }
            Findings<FileLock> known = sharedNamespace
                    ? shown
                    : shown.with(Findings.doubt("locks of processes outside this container do not show"));
            return tried(known, file);
        } catch (IOException e) {
            return shown.with(Findings.doubt("the PID namespace cannot be read: " + e));
        }
    }

    /** What shows as a lock may be another's try, and then the lock can be had; not so the other kinds of locks. */
    private Findings<FileLock> tried(Findings<FileLock> known, Path file) {
        if (known.found().stream().anyMatch(lock -> !lock.kind().equals(FileLock.UNNAMED.kind()))) {
            return known;
        }
        Findings<FileLock> tried = attempt(file);
        return switch (tried.any()) {
            case NO -> new Findings<>(List.of(), known.doubts());
            case YES, UNKNOWN -> known.found().isEmpty() ? known.with(tried) : known;
        };
    }

    /** By another process, which can close the file without harm to locks of this one. */
    private Findings<FileLock> attempt(Path file) {
        var command = Command.of(
                LIMIT,
                "flock",
                "--timeout",
                Integer.toString(PATIENCE_SECONDS),
                "--exclusive",
                "--conflict-exit-code",
                Integer.toString(TAKEN),
                file.toString(),
                "true").alsoAnswering(TAKEN);
        try {
            return commands.run(command).exitCode() == TAKEN
                    ? new Findings<>(List.of(FileLock.UNNAMED), List.of())
                    : Findings.none();
        } catch (CommandFailed e) {
            return Findings.doubt("the lock of " + file + " cannot be tried: " + e.getMessage());
        }
    }
}
