package dev.reseat.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files as a real kernel showed them, as text: a line for each, {@code PATH = CONTENT} with escaped line ends,
 * {@code PATH -> TARGET} for a link, {@code PATH/} for a folder. Written by {@code recorded_files.py}.
 */
public final class RecordedFiles {
    private RecordedFiles() {}

    /** Makes the files of a test resource that lies beside the class below a folder. */
    public static void restore(Class<?> beside, String name, Path root) {
        try (InputStream source = beside.getResourceAsStream(name)) {
            for (String line : new String(source.readAllBytes(), UTF_8).lines().toList()) {
                restore(line, root);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void restore(String line, Path root) throws IOException {
        int file = line.indexOf(" = ");
        int link = line.indexOf(" -> ");
        if (file > 0) {
            Path path = root.resolve(line.substring(0, file));
            Files.createDirectories(path.getParent());
            Files.writeString(path, line.substring(file + 3).translateEscapes(), ISO_8859_1);
        } else if (link > 0) {
            Path path = root.resolve(line.substring(0, link));
            Files.createDirectories(path.getParent());
            Files.createSymbolicLink(path, Path.of(line.substring(link + 4)));
        } else {
            Files.createDirectories(root.resolve(line));
        }
    }
}
