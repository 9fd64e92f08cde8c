package dev.reseat.host;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.UUID;

/**
 * The file locks by which OpenStack's Python processes of one host exclude each other: oslo.concurrency's
 * <em>external</em> ones, of fcntl(2), on a file named as the lock. Whoever holds one here keeps them out, and they
 * keep us out. Thread-safe.
 */
public final class ExternalLocks {
    /** Nobody announces that a lock is free; Python's side asks as often. */
    private static final Duration INTERVAL = Duration.ofMillis(20);

    /**
     * The kernel gives such a lock to the process as a whole, and takes it away when the process closes the file
     * anywhere: so one at a time opens it, whatever objects there are.
     */
    private static final KeyedLocks OURS = new KeyedLocks();

    private final Path directory;

    /** @param directory {@code lock_path} of those who are to be kept out */
    public ExternalLocks(Path directory) {
        this.directory = directory;
    }

    /** A lock was not had; nothing was begun. */
    public static final class NotHeld extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotHeld(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A lock, until closed. */
    public final class Held implements AutoCloseable {
        private final KeyedLocks.Held inside;
        private final FileChannel channel;

        private Held(KeyedLocks.Held inside, FileChannel channel) {
            this.inside = inside;
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close(); // and with it the lock
            } catch (IOException e) {
                throw new NotHeld("a lock in " + directory + " was not given back", e);
            } finally {
                inside.close();
            }
        }
    }

    /**
     * Returns when nobody else has the lock, in this process or another.
     *
     * @param name with its prefix, {@code os-brick-connect_volume} for instance
     * @throws NotHeld if that does not come by the deadline, or the file cannot be used
     */
    public Held hold(String name, Deadline deadline) {
        Path file = directory.resolve(name.replace('/', '_'));
        FileId id = made(file);
        KeyedLocks.Held inside;
        try {
            inside = OURS.hold("lock " + id, "another request of this process", deadline);
        } catch (KeyedLocks.TimedOut | IllegalStateException e) {
            throw new NotHeld(file + ": " + e.getMessage(), e);
        }
        try {
            if (!id.equals(made(file))) {
                throw new NotHeld("the lock " + file + " has become another file meanwhile", null);
            }
            return new Held(inside, locked(file, deadline));
        } catch (RuntimeException e) {
            inside.close();
            throw e;
        }
    }

    /**
     * A lock is the file, by whatever links it was named: who opens one file by two names loses the lock of both with
     * the first that is closed. So it is told apart before it is opened.
     */
    private FileId made(Path file) {
        try {
            make(file);
            return FileId.of(file);
        } catch (IOException e) {
            throw new NotHeld("the locks in " + directory + " cannot be used: " + e, e);
        }
    }

    private static FileChannel locked(Path file, Deadline deadline) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            try {
                for (FileLock lock = channel.tryLock(); lock == null; lock = channel.tryLock()) {
                    if (deadline.isOver()) {
                        throw new NotHeld("another process has the lock " + file, null);
                    }
                    Thread.sleep(INTERVAL);
                }
                return channel;
            } catch (OverlappingFileLockException e) {
                channel.close();
                throw new NotHeld("this process has the lock " + file + " under another name", e);
            } catch (IOException | InterruptedException | NotHeld e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new NotHeld("the lock " + file + " cannot be used: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotHeld("interrupted while waiting for the lock " + file, e);
        }
    }

    /**
     * The directory's owner has to be able to open it, also if root is the first to want the lock: so it appears under
     * its name as his.
     */
    private static void make(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        Files.createFile(fresh);
        try {
            PosixFileAttributes owner = Files.readAttributes(file.getParent(), PosixFileAttributes.class);
            PosixFileAttributeView view = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            PosixFileAttributes own = view.readAttributes();
            if (!own.owner().equals(owner.owner()) || !own.group().equals(owner.group())) {
                view.setOwner(owner.owner());
                view.setGroup(owner.group());
            }
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // somebody else was first, which is as good
        } finally {
            Files.delete(fresh);
        }
    }
}
