package dev.reseat.volume.driver.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's table of file locks, {@code /proc/locks}. Each look first takes a lock on a file of its own in the same
 * directory: a table that does not show that one says nothing about others. Volumes are never opened, since closing them
 * would drop locks that another part of this process may hold.
 */
final class LockTable {
    private static final String NONE = "<none>";

    private final Path table;
    private final Path processes;

    /**
     * @param table {@code /proc/locks}
     * @param processes {@code /proc}, where processes have their names
     */
    LockTable(Path table, Path processes) {
        this.table = table;
        this.processes = processes;
    }

    /** One granted lock. */
    private record Lock(String kind, String access, String pid, FileId file) {}

    Observation look(Path file) {
        Path control = null;
        try {
            control = Files.createTempFile(file.getParent(), ".control-", ".lock");
            try (FileChannel channel = FileChannel.open(control, StandardOpenOption.WRITE)) {
                channel.lock();
                // twice: a table of several pages can lose a line while others go
                return look(file, FileId.of(control)).with(look(file, FileId.of(control)));
            } finally {
                Files.delete(control);
            }
        } catch (IOException e) {
            return doubt("the table of locks cannot be checked: " + e);
        }
    }

    private Observation look(Path file, FileId control) throws IOException {
        FileId wanted = FileId.of(file);
        List<String> holders = new ArrayList<>();
        boolean controlSeen = false;
        for (String line : Files.readAllLines(table)) {
            Optional<Lock> lock = parse(line);
            controlSeen |= lock.filter(seen -> seen.file().equals(control)).isPresent();
            lock.filter(seen -> seen.file().equals(wanted)).map(this::describe).ifPresent(holders::add);
        }
        List<String> doubts =
                controlSeen ? List.of() : List.of(table + " does not show a lock taken in " + file.getParent());
        return new Observation(holders, doubts);
    }

    /** Empty for a lock that is waited for, and for one on no file. */
    private static Optional<Lock> parse(String line) throws IOException {
        String[] words = line.strip().split("\\s+", -1);
        if (words.length > 1 && words[1].equals("->")) {
            return Optional.empty();
        }
        try {
            return words[5].startsWith(NONE)
                    ? Optional.empty()
                    : Optional.of(new Lock(words[1], words[3], words[4], FileId.parse(words[5])));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not a line of a table of locks: '" + line + "'", e);
        }
    }

    private String describe(Lock lock) {
        String holder = lock.pid().equals("-1") ? "a process" : "pid " + lock.pid() + nameOf(lock.pid());
        return lock.kind() + " lock (" + lock.access() + ") of " + holder;
    }

    private String nameOf(String pid) {
        try {
            return " (" + Files.readString(processes.resolve(pid).resolve("comm")).strip() + ")";
        } catch (IOException e) {
            return ""; // it has ended, or is not ours to see: the number has to do
        }
    }

    private static Observation doubt(String reason) {
        return new Observation(List.of(), List.of(reason));
    }
}
