package dev.reseat.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real volume group with a real tgtd. Where the kernel has no device mapper, its linear volumes are reached by loop
 * devices. Needs root. Thread-safe.
 */
public final class PrivateLvm implements AutoCloseable {
    private static final Map<String, String> PROGRAMS = Map.of(
            "/usr/sbin/tgtd", "tgt", "/usr/sbin/lvs", "lvm2",
            "/usr/bin/qemu-storage-daemon", "qemu-system-common");

    private final Path directory;
    private final String group;
    private final Place place;
    private final Keeper keeper;
    private volatile int port;

    private PrivateLvm(Path directory, String group, Place place, int port, Keeper keeper) {
        this.directory = directory;
        this.group = group;
        this.place = place;
        this.port = port;
        this.keeper = keeper;
    }

    /** The packages that are not installed, sorted. */
    public static List<String> missingPackages() {
        return Programs.missing(PROGRAMS);
    }

    /** Whether this process may make loop devices at all. */
    public static boolean isPossible() {
        return Files.isWritable(Path.of("/dev/loop-control"));
    }

    /**
     * Returns when targets can be made. Ends with this JVM, even if that is killed.
     *
     * @param directory for its files, a socket among them, so a short one; made if missing, not removed
     */
    public static PrivateLvm start(Path directory, Place place, int port) {
        Path own = directory.toAbsolutePath();
        String group = "reseat-" + UUID.randomUUID().toString().substring(0, 8);
        Keeper keeper = Keeper.start(place.within(), "private-lvm.sh", List.of(
                own.toString(), group, place.address(), String.valueOf(port)));
        return new PrivateLvm(own, group, place, port, keeper);
    }

    public String group() {
        return group;
    }

    public int port() {
        return port;
    }

    public String address() {
        return place.address();
    }

    /** As {@code lvm_conf_file} names it. */
    public Path conf() {
        return directory.resolve("lvm/lvm.conf");
    }

    /** As {@code volumes_dir} names it. */
    public Path volumesDirectory() {
        return directory.resolve("volumes");
    }

    /** Words in front of a program of LVM's or tgt's, so that it speaks to these and to no others. */
    public List<String> within() {
        return place.command(List.of(
                "env", "TGT_IPC_SOCKET=" + directory.resolve("tgtd.sock"),
                "PATH=" + directory.resolve("bin") + ":" + System.getenv("PATH")));
    }

    /** A logical volume of 4 MiB. */
    public void create(String name) {
        keeper.tell("volume " + name);
    }

    public Path device(String name) {
        return Path.of("/dev", group, name);
    }

    /** The portal gets another port; who has a session loses it. */
    public void movePortal(int other) {
        keeper.tell("move " + other);
        port = other;
    }

    /** What {@code tgtadm} prints. */
    public String tgtadm(String... words) {
        List<String> all = new ArrayList<>(within());
        all.addAll(List.of("tgtadm", "--lld", "iscsi"));
        all.addAll(List.of(words));
        return Programs.run(all);
    }

    /** Initiators that a target lets in, sorted; none of a target that is not there. */
    public List<String> admitted(String iqn) {
        return part(iqn, "ACL information:").filter(line -> !line.isEmpty()).sorted().toList();
    }

    /** Initiators that have a session with a target, sorted. */
    public List<String> connected(String iqn) {
        return part(iqn, "I_T nexus information:")
                .filter(line -> line.startsWith("Initiator: "))
                .map(line -> line.split(" ", -1)[1])
                .sorted()
                .toList();
    }

    /** The lines under a heading of what is told of a target. */
    private Stream<String> part(String iqn, String heading) {
        return tgtadm("--op", "show", "--mode", "target").lines()
                .dropWhile(line -> !line.matches("Target \\d+: " + Pattern.quote(iqn)))
                .skip(1)
                .takeWhile(line -> !line.startsWith("Target "))
                .dropWhile(line -> !line.strip().equals(heading))
                .skip(1)
                .takeWhile(line -> !line.matches(" {4}\\S.*"))
                .map(String::strip);
    }

    /**
     * How an initiator finds a unit and proves itself.
     *
     * @param portal {@code ADDRESS:PORT}
     */
    public record Login(String portal, String iqn, int lun, String user, String password) {}

    /**
     * A process that has a session once this returns, as a guest's disk does.
     *
     * @throws IllegalStateException if it is not let in
     */
    public ProcessHandle connect(Place from, Login login, String initiator) {
        try {
            Path pid = Files.createTempFile(directory, "client", ".pid");
            Files.delete(pid);
            Programs.run(from.command(List.of(
                    "qemu-storage-daemon", "--daemonize", "--pidfile", pid.toString(),
                    "--object", "secret,id=s0,data=" + login.password(),
                    "--blockdev", "driver=iscsi,node-name=v,transport=tcp,portal=" + login.portal() + ",target="
                            + login.iqn() + ",lun=" + login.lun() + ",user=" + login.user()
                            + ",password-secret=s0,initiator-name=" + initiator)));
            return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        keeper.close();
    }
}
