package dev.reseat.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A libvirtd of one compute host, with real guests of qemu that have no operating system and take no time: started
 * paused, they answer their monitor, and a guest that would have to answer for itself never does. Thread-safe.
 */
public final class PrivateLibvirt implements AutoCloseable {
    private static final Map<String, String> PROGRAMS = Map.of(
            "/usr/sbin/libvirtd", "libvirt-daemon-system", "/usr/bin/virsh", "libvirt-clients",
            "/usr/bin/qemu-system-x86_64", "qemu-system-x86", "/usr/bin/setpriv", "util-linux");

    private final Path directory;
    private final Keeper keeper;

    private PrivateLibvirt(Path directory, Keeper keeper) {
        this.directory = directory;
        this.keeper = keeper;
    }

    /** The packages that are not installed, sorted. */
    public static List<String> missingPackages() {
        return Programs.missing(PROGRAMS);
    }

    /** The packages beside those that guests with disks in a Ceph cluster need, and that are not installed. */
    public static List<String> missingForCeph() {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"), Files::isDirectory)) {
            for (Path architecture : architectures) {
                if (Files.exists(architecture.resolve("qemu/block-rbd.so"))) {
                    return List.of();
                }
            }
            return List.of("qemu-block-extra");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns when it can be asked. It ends with this JVM, even if that is killed, and its guests too.
     *
     * @param directory for its files, sockets among them, so a short one; made if missing, not removed
     */
    public static PrivateLibvirt start(Path directory) {
        Path own = directory.toAbsolutePath();
        try {
            Files.createDirectories(own);
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PrivateLibvirt(own, Keeper.start("private-libvirt.sh", List.of(own.toString())));
    }

    /** As {@code [libvirt] connection_uri} names it. */
    public String uri() {
        return "qemu:///session?socket=" + directory.resolve("run/libvirt/libvirt-sock");
    }

    /**
     * What {@code virsh} prints.
     *
     * @throws IllegalStateException if it fails
     */
    public String virsh(String... words) {
        List<String> command = new ArrayList<>(List.of("virsh", "--quiet", "--connect", uri()));
        command.addAll(List.of(words));
        return Programs.run(command);
    }

    /** A persistent domain that does not run. */
    public void define(String xml) {
        withFile(xml, file -> virsh("define", file));
    }

    /** A domain of which nothing is left when it ends. */
    public void create(String xml) {
        withFile(xml, file -> virsh("create", file, "--paused"));
    }

    /** @param where {@code --live}, {@code --config} or {@code --persistent} */
    public void attach(String domain, String diskXml, String where) {
        withFile(diskXml, file -> virsh("attach-device", domain, file, where));
    }

    /** A secret of libvirt's own, as guests that open storage themselves are given. */
    public void secret(UUID uuid, String usage, String base64) {
        withFile("""
                <secret ephemeral='no' private='yes'><uuid>%s</uuid>
                  <usage type='ceph'><name>%s</name></usage></secret>
                """.formatted(uuid, usage), file -> virsh("secret-define", file));
        withFile(base64, file -> virsh("secret-set-value", uuid.toString(), "--file", file));
    }

    /** The process of a running guest. */
    public Optional<ProcessHandle> guest(String domain) {
        Path file = directory.resolve("run/libvirt/qemu/run/" + domain + ".pid");
        try {
            return Files.exists(file)
                    ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The daemon dies; its guests go on. */
    public void killDaemon() {
        keeper.tell("kill");
    }

    /** Returns when it can be asked again. */
    public void startDaemon() {
        keeper.tell("start");
    }

    private static void withFile(String text, Consumer<String> use) {
        try {
            Path file = Files.createTempFile("virsh", ".xml"); // read by virsh, for us alone
            try {
                use.accept(Files.writeString(file, text).toString());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        keeper.close();
    }
}
