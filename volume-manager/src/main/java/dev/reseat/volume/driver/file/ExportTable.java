package dev.reseat.volume.driver.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.PrivateFiles;
import dev.reseat.volume.driver.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The exports of each volume, in a file {@code NAME.exports.json} beside it. No file means no exports; a file that
 * cannot be understood is a failure, never an empty list. A write is there as a whole or not at all, whatever kills the
 * process or the machine. One writer per volume at a time.
 */
final class ExportTable {
    static final String ENDING = ".exports.json";
    private static final int VERSION = 1;

    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** What the file holds. */
    private record Document(int version, List<Export> exports) {}

    /** @throws DriverException.BackendFailed if the file is there but cannot be read or understood */
    List<Export> read(Path volume) {
        Path file = fileOf(volume);
        try {
            Document document = json.readValue(Files.readAllBytes(file), Document.class);
            if (document == null || document.version() != VERSION || document.exports() == null
                    || document.exports().contains(null)) {
                throw new DriverException.BackendFailed(file + " is no list of exports of version " + VERSION);
            }
            return List.copyOf(document.exports());
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new DriverException.BackendFailed(file + " cannot be read: " + e, e);
        } catch (JacksonException e) {
            throw new DriverException.BackendFailed(
                    file + " is no list of exports: " + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    /**
     * Replaces the list; an empty one removes the file. Changes nothing after the deadline.
     *
     * @throws DriverException.OutOfTime if it came first: the old list is still there
     * @throws DriverException.BackendFailed if the old list may still be there
     */
    void write(Path volume, List<Export> exports, Deadline deadline) {
        Path file = fileOf(volume);
        try {
            DriverException.OutOfTime.check(deadline, "write " + file);
            if (exports.isEmpty()) {
                if (Files.deleteIfExists(file)) {
                    force(file.getParent());
                }
                return;
            }
            Path next = file.resolveSibling("." + file.getFileName() + ".next");
            try (FileChannel channel = PrivateFiles.open(next, CREATE, WRITE, TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(
                        json.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Document(VERSION, exports)));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            DriverException.OutOfTime.check(deadline, "write " + file);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            force(file.getParent());
        } catch (IOException e) {
            throw new DriverException.BackendFailed(file + " cannot be written: " + e, e);
        }
    }

    static Path fileOf(Path volume) {
        return volume.resolveSibling(volume.getFileName() + ENDING);
    }

    /** Makes names in a directory outlive a crash of the machine. */
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }
}
