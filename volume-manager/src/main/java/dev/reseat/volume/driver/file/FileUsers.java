package dev.reseat.volume.driver.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Who holds a volume's file: whoever has a lock on it, or a loop device backed by it. Needs no privilege. Where others
 * may hold it unseen, because the file system is shared with other hosts or the process is shut in a container, nobody
 * in sight is a doubt and not a NO.
 */
final class FileUsers {
    /** File systems that one host has to itself; all others may be open elsewhere. */
    private static final Set<String> LOCAL = Set.of(
            "ext2", "ext3", "ext4", "xfs", "btrfs", "bcachefs", "zfs", "f2fs", "jfs", "tmpfs", "ramfs", "overlay");
    /** The kernel's fixed number of the first PID namespace, whose table shows the locks of all. */
    private static final Path FIRST_NAMESPACE = Path.of("pid:[4026531836]");

    private final LockTable locks;
    private final LoopDevices loops;
    private final Path namespace;
    private final boolean sharedNamespace;

    FileUsers(LockTable locks, LoopDevices loops, Path namespace, boolean sharedNamespace) {
        this.locks = locks;
        this.loops = loops;
        this.namespace = namespace;
        this.sharedNamespace = sharedNamespace;
    }

    static FileUsers onThisHost(boolean sharedNamespace) {
        return new FileUsers(
                new LockTable(Path.of("/proc/locks"), Path.of("/proc")),
                new LoopDevices(Path.of("/sys/block")),
                Path.of("/proc/self/ns/pid"),
                sharedNamespace);
    }

    Observation look(Path file) {
        return new Observation(List.of(), blindSpots(file)).with(locks.look(file)).with(loops.look(file));
    }

    /** Why somebody could hold a file unseen. */
    private List<String> blindSpots(Path file) {
        List<String> doubts = new ArrayList<>();
        try {
            String type = Files.getFileStore(file).type();
            if (!LOCAL.contains(type)) {
                doubts.add("other hosts may hold files on " + type);
            }
            if (!sharedNamespace && !Files.readSymbolicLink(namespace).equals(FIRST_NAMESPACE)) {
                doubts.add("locks of processes outside this container do not show");
            }
        } catch (IOException e) {
            doubts.add("the host cannot be looked at: " + e);
        }
        return doubts;
    }
}
