package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A Debian as debootstrap has made it, with mounts and processes of its own, on this machine's network. Needs root. It
 * goes, with all that runs in it, when it is closed or this JVM ends.
 */
final class CleanRoot implements AutoCloseable {
    private static final Path HOME =
            Path.of(System.getProperty("basedir", ""), "target", "clean-root").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final List<String> ENVIRONMENT = List.of(
            "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive");
    /** ROOT RUN SHARED: lives as long as its input. What is mounted is seen by nobody else. */
    private static final String INIT = """
            set -e
            mount --bind "$1" "$1"
            mount -t proc proc "$1/proc"
            mount -t sysfs -o ro sysfs "$1/sys"
            for device in null zero full random urandom; do
                [ -e "$1/dev/$device" ] || touch "$1/dev/$device"
                mount --bind "/dev/$device" "$1/dev/$device"
            done
            mount --bind "$2" "$1/run"
            mkdir -p "$1$3"
            mount --bind "$3" "$1$3"
            echo ready
            exec cat
            """;

    private final Path root;
    private final Path run;
    private final Process init;
    private final long leader;

    private CleanRoot(Path root, Path run, Process init) {
        this.root = root;
        this.run = run;
        this.init = init;
        this.leader = init.children().findFirst().orElseThrow().pid();
    }

    /** @param shared a folder that is in sight there under the same name */
    static CleanRoot open(Path shared) throws IOException {
        BuiltPackages.requireTools("debootstrap", "unshare", "nsenter", "setpriv", "chroot");
        Path root = HOME.resolve("run-" + UUID.randomUUID());
        Program.run("cp", "-a", base().toString(), root.toString()).assertSucceeded();
        Path run = Files.createTempDirectory("reseat-run");
        Program.run("chmod", "0755", run.toString()).assertSucceeded();
        Process init = new ProcessBuilder(
                "unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private",
                "sh", "-c", INIT, "init", root.toString(), run.toString(), shared.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(init.inputReader().readLine()).isEqualTo("ready");
        return new CleanRoot(root, run, init);
    }

    /** Made once, and kept until {@code mvn clean}; the packages in it are the mirror's of that day. */
    private static synchronized Path base() throws IOException {
        Files.createDirectories(HOME);
        try (FileChannel channel = FileChannel.open(
                HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            Path base = HOME.resolve("base");
            if (!Files.isDirectory(base)) {
                Path making = HOME.resolve("making");
                Program.run("rm", "-rf", making.toString()).assertSucceeded();
                Program mirrors = Program.run("apt-get", "indextargets", "--format", "$(REPO_URI)");
                String mirror = mirrors.out()
                        .lines()
                        .filter(line -> line.endsWith("/debian/"))
                        .findFirst()
                        .orElseThrow();
                Program.run(LIMIT, Map.of(), List.of(
                        "debootstrap", "--variant=minbase", "--include=systemd", "bookworm", making.toString(), mirror))
                        .assertSucceeded();
                Files.move(making, base);
            }
            return base;
        }
    }

    /** A path of it, as this test sees it. */
    Path path(String inside) {
        return root.resolve(inside.substring(1));
    }

    /** {@code /run} there. */
    Path runtime() {
        return run;
    }

    /** Runs a program of it, as root. */
    Program run(String... words) {
        return Program.run(
                LIMIT, Map.of(), inside(Stream.concat(ENVIRONMENT.stream(), Stream.of(words)).toList()));
    }

    /** Runs a program of this machine, which finds the root mounted at its {@link #path}. */
    Program runBeside(String... words) {
        List<String> all = new ArrayList<>(entering());
        all.addAll(List.of(words));
        return Program.run(LIMIT, Map.of(), all);
    }

    private List<String> entering() {
        return List.of("nsenter", "--target", String.valueOf(leader), "--mount", "--pid");
    }

    /** The words that run these in it, with nothing of the caller's but its environment. */
    List<String> inside(List<String> words) {
        List<String> all = new ArrayList<>(entering());
        all.addAll(List.of("chroot", root.toString()));
        all.addAll(words);
        return all;
    }

    /** The number that an account or a group has there. */
    int id(String... question) {
        Program id = run(Stream.concat(Stream.of("id"), Stream.of(question)).toArray(String[]::new));
        id.assertSucceeded();
        return Integer.parseInt(id.out().strip());
    }

    @Override
    public void close() {
        try {
            init.outputWriter().close();
            if (!init.waitFor(Duration.ofSeconds(20))) {
                init.destroyForcibly().waitFor();
            }
            Program.run("rm", "-rf", root.toString(), run.toString()).assertSucceeded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
