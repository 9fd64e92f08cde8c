package dev.reseat.compute.connector.local;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The locks of this machine's kernel, {@code /proc/locks}. */
final class FileLocks {
    private static final Path LOCKS = Path.of("/proc/locks");

    @Inject
    FileLocks() {}

    /**
     * The processes that have a lock on the file; a lock whose process the kernel does not name is an empty entry. Those
     * who wait for a lock are not meant.
     */
    List<Optional<Long>> on(Path file) throws IOException {
        String inode;
        try {
            inode = ":" + Files.getAttribute(file, "unix:ino");
        } catch (NoSuchFileException e) {
            return List.of();
        }
        // twice: while locks come and go, a table of several pages can lose a line
        return Stream.concat(look(inode, file).stream(), look(inode, file).stream()).distinct().toList();
    }

    private static List<Optional<Long>> look(String inode, Path file) throws IOException {
        return Files.readAllLines(LOCKS)
                .stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > 5 && !words[1].equals("->") && words[5].endsWith(inode))
                .map(words -> Long.valueOf(words[4]))
                .filter(pid -> pid <= 0 || hasOpenOrHides(pid, file))
                .map(pid -> pid > 0 ? Optional.of(pid) : Optional.<Long>empty())
                .toList();
    }

    /** Inode numbers repeat between file systems, and device numbers here are not those of stat on some of them. */
    private static boolean hasOpenOrHides(long pid, Path file) {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor) && Files.readSymbolicLink(descriptor).equals(file))
                    return true;
            }
            return false;
        } catch (NoSuchFileException e) {
            return false; // it has ended, and its lock with it
        } catch (IOException e) {
            return true; // somebody else's process: it may well be this file
        }
    }
}
