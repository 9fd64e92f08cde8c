package dev.reseat.host;

import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Who uses a volume's file: whoever has a lock on it, or a loop device backed by it. Where others may use it unseen,
 * because the file system is shared with other hosts or the process is shut in a container, nobody in sight is a doubt
 * and not a NO.
 */
public final class FileUsers {
    /** What is said where nobody is. */
    public static final String NOBODY = "no lock and no loop device on it";
    /** File systems that one host has to itself; all others may be open elsewhere. */
    private static final Set<String> LOCAL = Set.of(
            "ext2", "ext3", "ext4", "xfs", "btrfs", "bcachefs", "zfs", "f2fs", "jfs", "tmpfs", "ramfs", "overlay");

    private final FileLocks locks;
    private final LoopDevices loops;

    public FileUsers(FileLocks locks, LoopDevices loops) {
        this.locks = locks;
        this.loops = loops;
    }

    /** @param sharedNamespace that every process which may use the files runs in the PID namespace of this one */
    public static FileUsers onThisHost(boolean sharedNamespace, CommandRunner commands) {
        return new FileUsers(
                FileLocks.onThisHost(sharedNamespace, commands), new LoopDevices(Path.of("/sys/block")));
    }

    /** One phrase for each. */
    public Findings<String> look(Path file) {
        return otherHosts(file).with(locks.on(file).map(Object::toString)).with(loops.on(file).map(Object::toString));
    }

    private static Findings<String> otherHosts(Path file) {
        try {
            String type = Files.getFileStore(file).type();
            return LOCAL.contains(type) ? Findings.none() : Findings.doubt("other hosts may hold files on " + type);
        } catch (IOException e) {
            return Findings.doubt("the file system cannot be looked at: " + e);
        }
    }
}
