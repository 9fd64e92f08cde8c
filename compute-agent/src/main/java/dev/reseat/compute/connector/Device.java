package dev.reseat.compute.connector;

import java.nio.file.Path;

/**
 * What a guest can be given.
 *
 * @param path a block device, or a file that is held for this host
 */
public record Device(Path path) {}
