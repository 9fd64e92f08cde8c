package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.PythonPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A service of a {@link CleanRoot} as its unit has it started: account, capabilities, umask, environment, command line,
 * and a manager who is told when it works. What else systemd would shut it in by is not there. For one thread.
 */
final class InstalledUnit implements AutoCloseable {
    private static final Duration STARTED = Duration.ofMinutes(3);
    private static final Duration ENDED = Duration.ofSeconds(90);

    private final CleanRoot root;
    private final String name;
    private final Path log;
    private Process process;
    private OutputLines output;
    private PythonPeer manager;

    /** @param log where what it prints is added */
    InstalledUnit(CleanRoot root, String name, Path log) {
        this.root = root;
        this.name = name;
        this.log = log;
    }

    /** Returns when it has told that it works. */
    void start() throws InterruptedException {
        try {
            Path socket = root.runtime().resolve(name + ".notify");
            Files.deleteIfExists(socket);
            manager = PythonPeer.start("notify_socket.py", socket.toString());
            assertThat(manager.line()).isEqualTo("listening");
            Program.run("chmod", "0666", socket.toString()).assertSucceeded();
            process = new ProcessBuilder(root.inside(command())).redirectErrorStream(true).start();
            output = OutputLines.of(process, log);
            output.await(line -> line.contains(name) && line.contains(" started in "), STARTED);
            assertThat(manager.line()).isEqualTo("READY=1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command() throws IOException {
        String user = values("User").getFirst();
        List<String> words = new ArrayList<>(List.of(
                "setpriv", "--reuid", user, "--regid", user, "--init-groups", "--no-new-privs",
                "--inh-caps", capabilities("AmbientCapabilities"),
                "--ambient-caps", capabilities("AmbientCapabilities"),
                "--bounding-set", capabilities("CapabilityBoundingSet"),
                "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "NOTIFY_SOCKET=/run/" + name + ".notify"));
        words.addAll(values("Environment"));
        for (String file : values("EnvironmentFile")) {
            Files.readAllLines(root.path(file.substring(1))) // after "-": it may be missing
                    .stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(words::add);
        }
        words.addAll(List.of("sh", "-c", "umask " + values("UMask").getFirst() + "; exec \"$@\"", name));
        words.addAll(List.of(values("ExecStart").getFirst().split(" ", -1)));
        return words;
    }

    /** In the words of setpriv; none where the unit names none. */
    private String capabilities(String key) throws IOException {
        StringBuilder words = new StringBuilder("-all");
        values(key).stream()
                .flatMap(value -> Stream.of(value.split(" ", -1)))
                .filter(value -> !value.isEmpty())
                .map(value -> value.replaceFirst("^CAP_", "").toLowerCase(Locale.ROOT))
                .forEach(value -> words.append(",+").append(value));
        return words.toString();
    }

    private List<String> values(String key) throws IOException {
        return Files.readAllLines(root.path("/lib/systemd/system/" + name + ".service"))
                .stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
    }

    /** Whether it has that file of its root in its memory. */
    boolean maps(String file) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(service().pid()), "maps")).contains(file + "\n");
    }

    List<String> said() {
        return output.soFar();
    }

    /** As systemd does it: SIGTERM, and time to end. */
    void stop() throws InterruptedException {
        service().destroy();
        if (!process.waitFor(ENDED)) {
            throw new AssertionError(name + " does not end; it said: " + said());
        }
        assertThat(process.exitValue()).as("%s said: %s", name, said()).isZero();
        assertThat(manager.line()).isEqualTo("STOPPING=1");
        manager.close();
    }

    /** The process itself is nsenter, which waits for it outside. */
    private ProcessHandle service() {
        return process.children().findFirst().orElseThrow(() -> new AssertionError(name + " has ended: " + said()));
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        if (manager != null) {
            manager.close();
        }
    }
}
