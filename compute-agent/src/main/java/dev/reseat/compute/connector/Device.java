package dev.reseat.compute.connector;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a guest can be given.
 *
 * @param path a block device, or a file that is held for this host
 * @param wwid the storage's own name of the volume, where the protocol has one: tells that several paths lead to it
 * @param paths the devices below, if {@code path} stands for several (multipath)
 */
public record Device(Path path, Optional<String> wwid, List<Path> paths) {
    public Device {
        paths = List.copyOf(paths);
    }

    /** One that stands for itself and has no other name. */
    public static Device at(Path path) {
        return new Device(path, Optional.empty(), List.of());
    }
}
