package dev.reseat.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * All that one run writes: databases, broker, volumes, the hosts' state. It is locked while the run lives, so that the
 * next run can tell what a killed one has left, and take it away.
 */
final class WorkDirectory implements AutoCloseable {
    private static final String PREFIX = "reseat-demo-";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private WorkDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** A new, empty one. */
    static WorkDirectory create() throws IOException {
        Path path = Files.createTempDirectory(PREFIX).toRealPath();
        // Locked before it gets its name: another run that sweeps meanwhile would take an unlocked one for abandoned.
        Path unnamed = path.resolve(LOCK + ".new");
        FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(unnamed, path.resolve(LOCK));
        return new WorkDirectory(path, lock);
    }

    /**
     * Takes away what runs of this user have left that were killed: processes, loop devices, files.
     *
     * @param temporary where runs make their directories
     * @return one sentence for each
     */
    static List<String> sweep(Path temporary) throws IOException {
        List<String> swept = new ArrayList<>();
        String user = System.getProperty("user.name");
        try (DirectoryStream<Path> found = Files.newDirectoryStream(temporary.toRealPath(), PREFIX + "*")) {
            for (Path path : found) {
                if (isOwnedBy(user, path) && isAbandoned(path)) {
                    new Leftovers(path).remove();
                    swept.add("removed what an earlier run had left in " + path);
                }
            }
        }
        return swept;
    }

    private static boolean isOwnedBy(String user, Path path) throws IOException {
        try {
            return Files.getOwner(path).getName().equals(user);
        } catch (NoSuchFileException ended) {
            return false; // another run has just ended, and taken it away itself
        }
    }

    private static boolean isAbandoned(Path path) throws IOException {
        Path file = path.resolve(LOCK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (NoSuchFileException justBeingMadeOrEnded) {
            return false;
        } catch (OverlappingFileLockException runsInThisProcess) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    /** A directory in it, made if it is not there. */
    Path directory(String name) {
        try {
            return Files.createDirectories(path.resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Takes away whatever still runs on it, and all of it. */
    @Override
    public void close() throws IOException {
        new Leftovers(path).remove();
        lock.close();
    }
}
