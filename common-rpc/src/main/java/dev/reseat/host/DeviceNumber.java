package dev.reseat.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A device of the kernel: of a file system, or of a block device node. */
public record DeviceNumber(long major, long minor) {
    private static final int TYPE = 0xf000;
    private static final int BLOCK_DEVICE = 0x6000;

    /**
     * As sysfs and mountinfo write it.
     *
     * @throws IllegalArgumentException if it is not {@code MAJOR:MINOR}
     */
    public static DeviceNumber parse(String text) {
        int colon = text.indexOf(':');
        try {
            return new DeviceNumber(
                    Long.parseLong(text.substring(0, Math.max(colon, 0))), Long.parseLong(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no number of a device: '" + text + "'", e);
        }
    }

    /** As makedev(3) of the C library lays the two numbers out. */
    static DeviceNumber of(long device) {
        return new DeviceNumber(
                ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL),
                (device & 0xff) | ((device >>> 12) & 0xffffff00L));
    }

    /** Of the block device that a node stands for, through links; empty if the file is something else. */
    public static Optional<DeviceNumber> ofBlockDevice(Path node) throws IOException {
        var attributes = Files.readAttributes(node, "unix:mode,rdev");
        boolean block = ((Integer) attributes.get("mode") & TYPE) == BLOCK_DEVICE;
        return block ? Optional.of(of((Long) attributes.get("rdev"))) : Optional.empty();
    }

    /** As sysfs and mountinfo write it. */
    @Override
    public String toString() {
        return major + ":" + minor;
    }
}
