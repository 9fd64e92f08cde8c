package dev.reseat.volume.driver.file;

import dev.reseat.runtime.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A process that writes lists of one and of many exports in turn until it is killed, and says so after each write. */
final class ExportWriter {
    static final int MANY = 300;

    private ExportWriter() {}

    /** @param words the volume's file */
    public static void main(String[] words) {
        Path volume = Path.of(words[0]);
        var table = new ExportTable();
        var export = new Export(
                Optional.of("a-1"), "compute-1", Optional.empty(), Optional.empty(),
                Instant.parse("2026-11-22T07:00:00Z"));
        for (int i = 0;; i++) {
            table.write(volume, i % 2 == 0 ? List.of(export) : Collections.nCopies(MANY, export),
                    Deadline.after(Duration.ofMinutes(1)));
            System.out.println("written");
        }
    }
}
