package dev.reseat.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether files are there, on file systems that may not answer. */
public final class RegularFiles {
    private RegularFiles() {}

    /**
     * Whether a regular file is there, through links.
     *
     * @throws IOException if it cannot be looked at, which {@code Files.isRegularFile} calls absent
     */
    public static boolean isThere(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
