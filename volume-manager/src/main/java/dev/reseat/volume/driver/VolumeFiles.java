package dev.reseat.volume.driver;

import dev.reseat.host.RegularFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Volumes that are files. */
public final class VolumeFiles {
    private VolumeFiles() {}

    /**
     * The names of those in a folder, sorted.
     *
     * @throws DriverException.BackendFailed if it cannot be listed
     */
    public static SortedSet<String> list(Path folder, Predicate<String> isVolume) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> isVolume.test(name) && isThere(folder.resolve(name)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException | UncheckedIOException e) {
            throw new DriverException.BackendFailed(folder + " cannot be listed: " + e, e);
        }
    }

    /**
     * Whether the volume's file is there.
     *
     * @throws DriverException.BackendFailed if it cannot be looked at, by a server that does not answer for instance:
     *     that is not its absence
     */
    public static boolean isThere(Path file) {
        try {
            return RegularFiles.isThere(file);
        } catch (IOException e) {
            throw new DriverException.BackendFailed(file + " cannot be looked at: " + e, e);
        }
    }
}
