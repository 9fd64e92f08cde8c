package dev.reseat.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A volume of one MiB without blocks. */
public final class SparseFile {
    private SparseFile() {}

    public static Path create(Path file) throws IOException {
        try (var made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(1 << 20);
        }
        return file;
    }
}
