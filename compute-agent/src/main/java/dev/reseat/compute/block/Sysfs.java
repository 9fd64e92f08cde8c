package dev.reseat.compute.block;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reading what a kernel shows as files. */
public final class Sysfs {
    private Sysfs() {}

    /** Whether the kernel is to be seen there at all: where it is not, what it does not show is no answer. */
    public static boolean isSeen(Path root) {
        return Files.isDirectory(root.resolve("sys/block"));
    }

    /** What is in a folder, sorted; none where there is no such folder. */
    public static List<Path> entries(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(null);
        return found;
    }

    /** @throws NoSuchFileException if it is not there, or not any more */
    public static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    /** The last part of a path. */
    public static String name(Path path) {
        return path.getFileName().toString();
    }
}
