package dev.reseat.volume.driver.rbd;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.storage.Place;
import dev.reseat.storage.PrivateCeph;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.NameTemplate;
import dev.reseat.volume.driver.VolumeDriver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real Ceph of the test's own, as a backend. Skips the test where Ceph is not installed, or fails with
 * {@code -Dreseat.peers=required}.
 */
public final class CephBackend implements AutoCloseable {
    private static final Duration UPSTREAMS = Duration.ofSeconds(30);

    private final Path directory;
    private final PrivateCeph ceph;
    private final Place place;

    private CephBackend(Path directory, PrivateCeph ceph, Place place) {
        this.directory = directory;
        this.ceph = ceph;
        this.place = place;
    }

    public static CephBackend start() throws IOException {
        return start(Place.LOOPBACK, UPSTREAMS);
    }

    /** @param watchTimeout how long a client may not be heard of */
    public static CephBackend start(Place place, Duration watchTimeout) throws IOException {
        List<String> packages = PrivateCeph.missingPackages();
        if (!packages.isEmpty()) {
            String missing = "install for this test: " + packages;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(missing);
            }
            abort(missing);
        }
        Path directory = Files.createTempDirectory("ceph"); // short: sockets are in it
        return new CephBackend(directory, PrivateCeph.start(
                directory, LoopbackPorts.reserve(), LoopbackPorts.reserve(), place, watchTimeout), place);
    }

    /** As a backend's settings name it. */
    RbdConfig config() {
        return new RbdConfig(PrivateCeph.POOL, Optional.of(PrivateCeph.USER), Optional.of(conf()), "ceph",
                Optional.empty(), Optional.empty(), new NameTemplate("volume-%s"));
    }

    /** Of the backend. */
    public VolumeDriver driver() {
        return new RbdDriver(config(), new CephPrograms(
                config(), new BackendPrograms(new SystemCommandRunner(place.within()))));
    }

    public PrivateCeph ceph() {
        return ceph;
    }

    public Path conf() {
        return ceph.conf();
    }

    Path keyring() {
        return ceph.keyring();
    }

    public void create(String image) {
        ceph.create(image);
    }

    /** What a program of Ceph's prints, run as its administrator. */
    String admin(String... words) {
        return ceph.admin(words);
    }

    /** Watches the image until closed, as a guest's disk does. */
    public AutoCloseable watch(String image) {
        Process watcher = startWatching(image);
        return () -> {
            watcher.getOutputStream().write('\n'); // it ends by it, and takes its leave
            watcher.getOutputStream().close();
            watcher.waitFor();
        };
    }

    /** A watcher; when it is killed the cluster takes some time to notice. */
    Process startWatching(String image) {
        return ceph.watch(image);
    }

    @Override
    public void close() throws IOException {
        ceph.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
