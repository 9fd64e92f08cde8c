package dev.reseat.volume.driver.lvm;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.ConnectionInfo.IscsiPath;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Settings;
import dev.reseat.storage.Place;
import dev.reseat.storage.PrivateLvm;
import dev.reseat.testing.PythonPeer;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.target.tgt.PrivateTgt;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real volume group with a real tgtd, of the test's own, as a backend. Skips the test where they cannot be had, or
 * fails with {@code -Dreseat.peers=required}.
 */
public final class LvmBackend implements AutoCloseable {
    private final Path directory;
    private final PrivateLvm lvm;
    private final SystemCommandRunner commands;

    private LvmBackend(Path directory, PrivateLvm lvm) {
        this.directory = directory;
        this.lvm = lvm;
        this.commands = new SystemCommandRunner(lvm.within());
    }

    public static LvmBackend start() throws IOException {
        return start(Place.LOOPBACK, LoopbackPorts.reserve());
    }

    public static LvmBackend start(Place place, int port) throws IOException {
        List<String> packages = PrivateLvm.missingPackages();
        if (!packages.isEmpty() || !PrivateLvm.isPossible()) {
            String missing = "be root, and install for this test: " + packages;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(missing);
            }
            abort(missing);
        }
        Path directory = Files.createTempDirectory("lvm");
        return new LvmBackend(directory, PrivateLvm.start(directory, place, port));
    }

    /** The section of a backend, as Cinder's settings have it. */
    public String section(String name) {
        return """
                [%s]
                volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                volume_group = %s
                lvm_conf_file = %s
                volumes_dir = %s
                target_helper = tgtadm
                target_ip_address = %s
                target_port = %d
                """.formatted(
                name, lvm.group(), lvm.conf(), lvm.volumesDirectory(), lvm.address(), lvm.port());
    }

    LvmConfig config() {
        return Settings.parse(section("lvm1")).checked(settings -> LvmConfig.from(settings, "lvm1"));
    }

    /** Of the backend. */
    public VolumeDriver driver() {
        return new LvmDriverFactory(commands, Map.of("tgtadm", PrivateTgt.helper(commands))).create(config());
    }

    public void create(String name) {
        lvm.create(name);
    }

    public PrivateLvm lvm() {
        return lvm;
    }

    Path device(String name) {
        return lvm.device(name);
    }

    /** Cinder's own helper for the same tgtd, as {@code cinder_tgt.py} says. */
    PythonPeer cinder() {
        return PythonPeer.start("cinder_tgt.py", directory.toString(), String.valueOf(lvm.port()));
    }

    Path file(String name) {
        return lvm.volumesDirectory().resolve(name);
    }

    /** What it prints. */
    String tgtadm(String... words) {
        return lvm.tgtadm(words);
    }

    /** Has a session by that name until closed, as a guest's disk does. */
    public AutoCloseable connect(ConnectionInfo info, String initiator) {
        ProcessHandle process = startConnected(info, initiator);
        return () -> end(process);
    }

    private static void end(ProcessHandle process)
            throws InterruptedException, ExecutionException, TimeoutException {
        process.destroy(); // it takes its leave, where it is heard
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }

    /** A process that has a session once this returns. */
    public ProcessHandle startConnected(ConnectionInfo info, String initiator) {
        return startConnected(Place.LOOPBACK, info, initiator);
    }

    /** The same from a host. */
    public ProcessHandle startConnected(Place host, ConnectionInfo info, String initiator) {
        var connection = (ConnectionInfo.Iscsi) info;
        IscsiPath path = connection.paths().getFirst();
        ConnectionInfo.Chap chap = connection.chap().orElseThrow();
        return lvm.connect(host, new PrivateLvm.Login(
                path.portal().toString(), path.iqn(), path.lun(), chap.user(), chap.password().reveal()), initiator);
    }

    @Override
    public void close() {
        lvm.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
