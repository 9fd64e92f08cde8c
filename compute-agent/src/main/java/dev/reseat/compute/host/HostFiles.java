package dev.reseat.compute.host;

import java.nio.file.Path;

/**
 * Where the file system of the host is found that an agent works for, its {@code /proc} and {@code /sys} too. An agent
 * runs on its host; only for a test on a kernel that this machine does not have does it look at another's.
 */
public record HostFiles(Path root) {
    /** Of the machine that this process runs on. */
    public static final HostFiles OF_THIS_MACHINE = new HostFiles(Path.of("/"));
}
