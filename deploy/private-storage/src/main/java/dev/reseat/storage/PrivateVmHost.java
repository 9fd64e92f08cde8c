package dev.reseat.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A compute host that is a virtual machine with a kernel of its own, which has what the kernel of a machine that runs
 * tests may lack: iSCSI, multipath, NVMe, rbd, NFS, targets. Programs run in it, files of it are seen from here, and it
 * is alone with us on two networks. An emulated machine is ten times slower than this one. Thread-safe.
 */
public final class PrivateVmHost implements AutoCloseable {
    private static final String SCRIPT = "private-vm.sh";
    private static final Duration BUILDING = Duration.ofMinutes(60);
    private static final Map<String, String> PROGRAMS = Map.ofEntries(
            Map.entry("/usr/sbin/debootstrap", "debootstrap"), Map.entry("/usr/bin/cpio", "cpio"),
            Map.entry("/usr/bin/qemu-system-x86_64", "qemu-system-x86"), Map.entry("/usr/bin/qemu-img", "qemu-utils"),
            Map.entry("/usr/bin/sshfs", "sshfs"), Map.entry("/usr/sbin/mke2fs", "e2fsprogs"),
            Map.entry("/usr/sbin/depmod", "kmod"), Map.entry("/usr/sbin/ip", "iproute2"),
            Map.entry("/usr/bin/nsenter", "util-linux"), Map.entry("/usr/bin/python3", "python3-minimal"));

    private final Path directory;
    private final String name;
    private final Keeper keeper;

    private PrivateVmHost(Path directory, String name, Keeper keeper) {
        this.directory = directory;
        this.name = name;
        this.keeper = keeper;
    }

    /** What this machine lacks for it: packages that are not installed, sorted, and the rights of root. */
    public static List<String> missing() {
        List<String> missing = new ArrayList<>(Programs.missing(PROGRAMS));
        if (!Files.isWritable(Path.of("/proc/sys/net/ipv4/ip_forward"))) {
            missing.add("(the rights of root)");
        }
        if (!Files.isWritable(Path.of("/dev/net/tun")) || !Files.isWritable(Path.of("/dev/fuse"))) {
            missing.add("(/dev/net/tun and /dev/fuse)");
        }
        return missing;
    }

    /**
     * Returns when programs can run in it. It ends with this JVM, even if that is killed. The first one on a machine
     * takes minutes, as its image is built; that is kept in the cache of this user.
     *
     * @param directory for its files, sockets among them, so a short one; made if missing, not removed
     */
    public static PrivateVmHost start(Path directory) {
        Path own = directory.toAbsolutePath();
        Path image = image();
        Programs.run(BUILDING, List.of("bash", "-c", Keeper.text(SCRIPT), SCRIPT, "image", image.toString()));
        String name = "reseat-" + UUID.randomUUID().toString().substring(0, 8);
        return new PrivateVmHost(own, name,
                Keeper.start(SCRIPT, List.of("run", own.toString(), image.toString(), name)));
    }

    /** Another script makes another image. */
    private static Path image() {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(text -> !text.isBlank())
                .orElseGet(() -> System.getProperty("user.home") + "/.cache");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Keeper.text(SCRIPT).getBytes(StandardCharsets.UTF_8));
            return Path.of(cache, "reseat", "vm-" + HexFormat.of().formatHex(digest, 0, 6));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** The words before a program's own that has to run in it: input, output and exit code are as if it ran here. */
    public List<String> inside() {
        return List.of("/usr/bin/python3", directory.resolve("in-vm").toString(), name);
    }

    /** The words before a program's own that has to run here and to be reached from it, at {@link #here}. */
    public List<String> beside() {
        return List.of("nsenter", "--net=/run/netns/" + name);
    }

    /**
     * What a program prints that runs in it.
     *
     * @throws IllegalStateException if it fails
     */
    public String run(String... words) {
        List<String> all = new ArrayList<>(inside());
        all.addAll(List.of(words));
        return Programs.run(all);
    }

    /** The same for lines of a shell, of which none may fail. */
    public String shell(String lines) {
        return run("bash", "-euc", lines);
    }

    /** Its files, its {@code /sys} and {@code /proc} too, as it has them now; what is not a file is not to be used. */
    public Path root() {
        return directory.resolve("root");
    }

    /**
     * Its address.
     *
     * @param network 0 or 1
     */
    public String address(int network) {
        return "10.77." + network + ".11";
    }

    /**
     * Ours, as it sees it.
     *
     * @param network 0 or 1
     */
    public String here(int network) {
        return "10.77." + network + ".1";
    }

    /** Cuts the network off, or mends it; both ends stay up and hear nothing. */
    public void cut(int network, boolean off) {
        List<String> all = new ArrayList<>(beside());
        all.addAll(List.of("ip", "link", "set", "tap" + network, off ? "down" : "up"));
        Programs.run(all);
    }

    @Override
    public void close() {
        keeper.close();
        try {
            Files.deleteIfExists(directory.resolve("disk.qcow2"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
