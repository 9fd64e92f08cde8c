package dev.reseat.compute.journal;

import dev.reseat.runtime.PrivateFiles;
import dev.reseat.runtime.Service;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The removals under way, one JSON file each, in a directory that belongs to one agent. Started before it is used.
 * Thread-safe; one thread at a time works on a pair of volume and instance.
 */
public final class RemovalJournal implements Service {
    private static final System.Logger LOG = System.getLogger(RemovalJournal.class.getName());
    private static final String ENDING = ".json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final Path directory;
    private FileChannel owner; // start and stop come from one thread

    /** @param state the agent's directory; the journal is a directory in it */
    public RemovalJournal(Path state) {
        this.directory = state.resolve("removals");
    }

    /** @throws JournalException if the directory cannot be used, or another agent uses it */
    @Override
    public void start() {
        try {
            PrivateFiles.createDirectories(directory);
            owner = PrivateFiles.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = owner.tryLock();
            if (lock == null) {
                throw new JournalException(directory + " is used by another agent");
            }
        } catch (OverlappingFileLockException e) {
            throw new JournalException(directory + " is used by another agent of this process", e);
        } catch (IOException e) {
            throw new JournalException("state_path cannot be used: " + e, e);
        }
    }

    @Override
    public void stop() {
        if (owner == null) {
            return;
        }
        try {
            owner.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "lock of " + directory + " not closed", e);
        }
    }

    /**
     * When this returns, the removal is on disk as given, in place of what was there of the same volume and instance.
     */
    public void write(Removal removal) {
        Path file = file(removal.volumeId(), removal.instanceUuid());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = PrivateFiles.open(fresh, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE, StandardOpenOption.SYNC)) {
                ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(removal));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory();
        } catch (IOException e) {
            throw new JournalException("cannot write " + file + ": " + e, e);
        }
    }

    /** When this returns, nothing is recorded of the volume and instance. */
    public void close(String volumeId, String instanceUuid) {
        Path file = file(volumeId, instanceUuid);
        try {
            if (Files.deleteIfExists(file)) {
                syncDirectory();
            }
        } catch (IOException e) {
            throw new JournalException("cannot remove " + file + ": " + e, e);
        }
    }

    /** What is recorded of the volume and instance. */
    public Optional<Removal> find(String volumeId, String instanceUuid) {
        return read(file(volumeId, instanceUuid));
    }

    /** Every removal that was not closed, the oldest first. An entry that cannot be read is logged and left there. */
    public List<Removal> unfinished() {
        List<Removal> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + ENDING)) {
            for (Path entry : entries) {
                try {
                    read(entry).ifPresent(found::add);
                } catch (JournalException e) {
                    LOG.log(System.Logger.Level.ERROR, "{0}; look at it and remove it by hand", e.getMessage());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new JournalException("cannot list " + directory + ": " + e, e);
        }
        found.sort(Comparator.comparing(Removal::begun));
        return found;
    }

    private static Optional<Removal> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), Removal.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException e) {
            throw new JournalException("cannot read journal entry " + file, e);
        }
    }

    private Path file(String volumeId, String instanceUuid) {
        return directory.resolve(encoded(volumeId) + "." + encoded(instanceUuid) + ENDING);
    }

    /** Ids come over the wire: no part of them may lead out of the directory. */
    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
