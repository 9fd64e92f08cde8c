package dev.reseat.volume.driver.rbd;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.process.Command;
import dev.reseat.process.CommandResult;
import dev.reseat.process.SystemCommandRunner;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A real Ceph of the test's own. Skips the test where Ceph is not installed, or fails with
 * {@code -Dreseat.peers=required}.
 */
public final class PrivateCeph implements AutoCloseable {
    static final String POOL = "volumes";
    static final String USER = "cinder";
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/bin/ceph-mon"), Path.of("/usr/bin/ceph-osd"), Path.of("/usr/bin/rbd"));

    private final SystemCommandRunner commands = new SystemCommandRunner(List.of());
    private final Path script;
    private final Path directory;

    private PrivateCeph(Path script, Path directory) {
        this.script = script;
        this.directory = directory;
    }

    public static PrivateCeph start() throws IOException, URISyntaxException {
        if (!PROGRAMS.stream().allMatch(Files::isExecutable)) {
            String missing = "install ceph-mon, ceph-osd and ceph-common for this test: " + PROGRAMS;
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(missing);
            }
            abort(missing);
        }
        Path script = Path.of(PrivateCeph.class.getResource("/ceph/private-ceph.sh").toURI());
        var ceph = new PrivateCeph(script, Files.createTempDirectory("ceph")); // short: sockets are in it
        try {
            ceph.script("up", String.valueOf(LoopbackPorts.reserve()), String.valueOf(LoopbackPorts.reserve()));
        } catch (RuntimeException e) {
            ceph.close();
            throw e;
        }
        return ceph;
    }

    /** As a backend's settings name it. */
    RbdConfig config() {
        return new RbdConfig(POOL, Optional.of(USER), Optional.of(conf()), "ceph", Optional.empty(), Optional.empty(),
                "volume-%s");
    }

    public Path conf() {
        return directory.resolve("ceph.conf");
    }

    Path keyring() {
        return directory.resolve("keyring");
    }

    public void create(String image) {
        admin("rbd", "create", "--size", "16M", POOL + "/" + image);
    }

    /** Runs a program of Ceph's as its administrator. */
    CommandResult admin(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--conf", conf().toString()));
        return commands.run(Command.of(LIMIT, all));
    }

    /** Watches the image until closed, as a guest's disk does. */
    public AutoCloseable watch(String image) throws IOException {
        Process watcher = startWatching(image);
        return () -> {
            watcher.getOutputStream().write('\n'); // it ends by it, and takes its leave
            watcher.getOutputStream().close();
            watcher.waitFor();
        };
    }

    /** A watcher; when it is killed the cluster takes some time to notice. */
    Process startWatching(String image) throws IOException {
        Process watcher = new ProcessBuilder("rbd", "watch", POOL + "/" + image, "--conf", conf().toString())
                .redirectErrorStream(true)
                .start();
        String line = watcher.inputReader().readLine(); // said once it watches
        if (line == null || !line.contains("press enter to exit")) {
            watcher.destroyForcibly();
            throw new IOException("rbd watch says " + line);
        }
        return watcher;
    }

    private void script(String... words) {
        List<String> all = new ArrayList<>(List.of("bash", script.toString(), words[0], directory.toString()));
        all.addAll(List.of(words).subList(1, words.length));
        commands.run(Command.of(LIMIT, all));
    }

    @Override
    public void close() {
        script("down");
    }
}
