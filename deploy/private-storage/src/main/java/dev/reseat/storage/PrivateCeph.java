package dev.reseat.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A real Ceph with one pool, {@link #POOL}, and Cinder's user, {@link #USER}. Thread-safe. */
public final class PrivateCeph implements AutoCloseable {
    public static final String POOL = "volumes";
    public static final String USER = "cinder";
    private static final Map<String, String> PROGRAMS = Map.of(
            "/usr/bin/ceph-mon", "ceph-mon", "/usr/bin/ceph-osd", "ceph-osd", "/usr/bin/rbd", "ceph-common");

    private static final Duration WATCH_TIMEOUT = Duration.ofSeconds(30);

    private final Path directory;
    private final Place place;
    private final Keeper keeper;

    private PrivateCeph(Path directory, Place place, Keeper keeper) {
        this.directory = directory;
        this.place = place;
        this.keeper = keeper;
    }

    /** The packages that are not installed, sorted. */
    public static List<String> missingPackages() {
        return Programs.missing(PROGRAMS);
    }

    /**
     * Returns when an image can be written. It ends with this JVM, even if that is killed.
     *
     * @param directory for its files, sockets among them, so a short one; made if missing, not removed
     * @param port of the monitor, for the second protocol
     * @param oldPort for the first
     */
    public static PrivateCeph start(Path directory, int port, int oldPort) {
        return start(directory, port, oldPort, Place.LOOPBACK, WATCH_TIMEOUT);
    }

    /**
     * The same in a network of its own.
     *
     * @param watchTimeout how long the cluster waits for a client that is not heard of; upstream's is 30 seconds
     */
    public static PrivateCeph start(Path directory, int port, int oldPort, Place place, Duration watchTimeout) {
        Path own = directory.toAbsolutePath();
        return new PrivateCeph(own, place, Keeper.start(
                place.within(), "private-ceph.sh",
                List.of(own.toString(), String.valueOf(port), String.valueOf(oldPort), place.address(),
                        String.valueOf(watchTimeout.toSeconds()))));
    }

    /** The same beside a virtual host, at {@link PrivateVmHost#here} of its first network and the usual ports. */
    public static PrivateCeph start(Path directory, PrivateVmHost host) {
        return start(directory, 3300, 6789, new Place(host.beside(), host.here(0)), WATCH_TIMEOUT);
    }

    public Path conf() {
        return directory.resolve("ceph.conf");
    }

    public Path keyring() {
        return directory.resolve("keyring");
    }

    /** The key of {@link #USER}, as libvirt keeps it. */
    public String key() {
        return Programs.run(
                List.of("ceph-authtool", keyring().toString(), "--print-key", "--name", "client." + USER)).strip();
    }

    /** An image of 16 MiB. */
    public void create(String image) {
        admin("rbd", "create", "--size", "16M", POOL + "/" + image);
    }

    /** What a program of Ceph's prints, run as its administrator. */
    public String admin(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--conf", conf().toString()));
        return Programs.run(place.command(all));
    }

    /** The monitor gets another address; data and keys stay. Whoever has the old one reaches nobody. */
    public void moveMonitor(int port, int oldPort) {
        keeper.tell("move " + port + " " + oldPort);
    }

    /** The OSD dies, and with it what it has in memory: nothing can be read until it is started. */
    public void killOsd() {
        keeper.tell("kill");
    }

    public void startOsd() {
        keeper.tell("start");
    }

    /** The OSD hangs, and whoever reads or writes with it; nothing is lost. */
    public void freezeOsd() {
        keeper.tell("freeze");
    }

    public void thawOsd() {
        keeper.tell("thaw");
    }

    /** A process that watches the image until its input ends, as a guest's disk does; returns when it watches. */
    public Process watch(String image) {
        return watch(image, place);
    }

    /** The same from a host. */
    public Process watch(String image, Place host) {
        try {
            Process watcher = new ProcessBuilder(host.command(
                    List.of("rbd", "watch", POOL + "/" + image, "--conf", conf().toString())))
                    .redirectErrorStream(true)
                    .start();
            String line = watcher.inputReader().readLine(); // said once it watches
            if (line == null || !line.contains("press enter to exit")) {
                watcher.destroyForcibly();
                throw new IllegalStateException("rbd watch says " + line);
            }
            return watcher;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        keeper.close();
    }
}
