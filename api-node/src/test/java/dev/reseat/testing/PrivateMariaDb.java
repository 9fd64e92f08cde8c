package dev.reseat.testing;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Dialect;
import dev.reseat.broker.LoopbackPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A MariaDB server of one's own on 127.0.0.1, with Debian's programs and default settings but for those that only make
 * data outlive a crash. Ends with this JVM, however that ends.
 */
public final class PrivateMariaDb implements AutoCloseable {
    /** Whom it lets in, without a password and with all rights. */
    public static final String USER = "root";
    private static final String ACCOUNT = System.getProperty("user.name");
    private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String READY = "ready for connections";
    /** Ends the server when its own input ends, as it does with us. */
    private static final String WITH_US =
            "exec 3<&0; \"$@\" </dev/null & server=$!; (read -r _ <&3; kill -KILL $server) & wait $server; kill $!";

    private final Path directory;
    private final int port;
    private final List<String> more;
    private final int readyLines;
    private final String account;
    private Process process;

    private PrivateMariaDb(Path directory, int port, int readyLines, String account, List<String> more) {
        this.directory = directory;
        this.port = port;
        this.readyLines = readyLines;
        this.account = account;
        this.more = List.copyOf(more);
    }

    public static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    /**
     * Makes its data directory; starts nothing.
     *
     * @param directory an empty one, which the caller deletes
     * @param more options of {@code mariadbd}
     */
    public static PrivateMariaDb in(Path directory, String... more) {
        return in(directory, 1, ACCOUNT, more);
    }

    /** One whose data is there already, as {@link #stop} of another has left it; starts nothing. */
    public static PrivateMariaDb over(Path directory) {
        return new PrivateMariaDb(directory, LoopbackPorts.reserve(), 1, ACCOUNT, List.of());
    }

    /**
     * A node of a cluster, which says that it is ready, and that it is in step with the others. Run by root it goes by
     * another account, since what copies data between nodes does not trust root; all folders above must let it pass.
     */
    static PrivateMariaDb nodeIn(Path directory, String... more) {
        String account = "root".equals(ACCOUNT) ? "mysql" : ACCOUNT;
        run(directory, List.of("chown", account, directory.toString()));
        return in(directory, 2, account, more);
    }

    private static PrivateMariaDb in(Path directory, int readyLines, String account, String... more) {
        PrivateMariaDb server =
                new PrivateMariaDb(directory, LoopbackPorts.reserve(), readyLines, account, List.of(more));
        server.install();
        return server;
    }

    private void install() {
        run(directory, List.of("install", "-d", "-o", account, temporary().toString()));
        List<String> words = List.of(
                "mariadb-install-db", "--no-defaults", "--datadir=" + directory.resolve("data"),
                "--tmpdir=" + temporary(),
                "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=8M",
                "--user=" + account);
        run(directory, words);
    }

    /** Its own: a server that starts removes other servers' temporary tables from a folder that they share. */
    private Path temporary() {
        return directory.resolve("tmp");
    }

    private static void run(Path directory, List<String> words) {
        Path output = directory.resolve("install.log");
        try {
            Process program =
                    new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!program.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || program.exitValue() != 0) {
                program.destroyForcibly();
                throw new IllegalStateException(words.getFirst() + ": " + Files.readString(output));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Returns when it can be connected to. */
    public PrivateMariaDb start(String... once) {
        List<String> words = new ArrayList<>(List.of(
                "sh", "-c", WITH_US, "sh", SERVER.toString(), "--no-defaults", "--datadir=" + directory.resolve("data"),
                "--tmpdir=" + temporary(), "--user=" + account, "--bind-address=127.0.0.1", "--port=" + port,
                "--socket=" + socket(), "--pid-file=" + directory.resolve("pid"), "--skip-name-resolve",
                "--max-connections=300", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0",
                "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=48M"));
        words.addAll(more);
        words.addAll(List.of(once));
        CompletableFuture<Void> ready = new CompletableFuture<>();
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Process started = process;
        Thread.ofPlatform().daemon().name("mariadbd").start(() -> read(started, ready));
        try {
            ready.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException failure) {
            kill();
            throw new IllegalStateException("mariadbd does not start: " + lastWords(), failure);
        }
        return this;
    }

    private void read(Process server, CompletableFuture<Void> ready) {
        try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8);
                Writer log = Files.newBufferedWriter(log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            int seen = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.write(line + "\n");
                log.flush();
                seen += line.contains(READY) ? 1 : 0;
                if (seen == readyLines) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IllegalStateException("it ended"));
        } catch (IOException failure) {
            ready.completeExceptionally(failure);
        }
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    /** Its Unix socket. */
    public Path socket() {
        return directory.resolve("sock");
    }

    public int port() {
        return port;
    }

    /** A database of it, which need not be there. */
    public DatabaseUrl url(String database) {
        return new DatabaseUrl(
                Dialect.MARIADB, "127.0.0.1:" + port, database, Optional.of(USER), Optional.empty(), Map.of());
    }

    /** In order: its files are whole then, and can be copied. Repeatable. */
    public void stop() {
        if (process == null || !process.isAlive()) {
            return;
        }
        process.descendants()
                .filter(one -> one.info().command().filter(SERVER.toString()::equals).isPresent())
                .forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("mariadbd does not end: " + lastWords());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** As a crash does it. Repeatable. */
    public void kill() {
        if (process == null) {
            return;
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
