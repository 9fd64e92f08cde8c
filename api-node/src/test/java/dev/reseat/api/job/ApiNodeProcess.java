package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.Main;
import dev.reseat.testing.CloudFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An api-node as a process of its own, which can be killed. Its log goes to a file beside its settings. */
public final class ApiNodeProcess implements AutoCloseable {
    private static final long LIMIT_SECONDS = 90;

    private final Process process;
    private final Path log;
    private final CountDownLatch serving = new CountDownLatch(1);

    private ApiNodeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        Thread.ofPlatform().daemon().name("api-node's log").start(this::read);
    }

    /**
     * Returns at once.
     *
     * @param name its host
     * @param port of REST, where everybody is an administrator
     * @param reseat options of group {@code [reseat]}, a line each
     */
    public static ApiNodeProcess start(
            Path directory, String name, String transportUrl, CloudFixture cloud, int port, String... reseat)
            throws IOException {
        String settings = """
                [DEFAULT]
                host = %s
                transport_url = %s
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [api]
                auth_strategy = noauth
                listen = 127.0.0.1
                port = %d
                [monitor]
                enabled = false
                [reseat]
                %s
                """.formatted(name, transportUrl, cloud.databases().cinder().connection(),
                cloud.databases().nova().connection(), port, String.join("\n", reseat));
        Path file = Files.writeString(directory.resolve(name + ".conf"), settings);
        return new ApiNodeProcess(new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dguice_custom_class_loading=CHILD", "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dreseat.log.level=INFO",
                "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "--config-file", file.toString()))
                .redirectErrorStream(true)
                .start(), directory.resolve(name + ".log"));
    }

    public void awaitServing() throws InterruptedException, IOException {
        assertThat(serving.await(LIMIT_SECONDS, TimeUnit.SECONDS)).as("it serves; %s", Files.readString(log)).isTrue();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(); var out = Files.newBufferedWriter(log)) {
            String line = output.readLine();
            while (line != null) {
                out.write(line + "\n");
                out.flush();
                if (line.contains("REST APIs on")) {
                    serving.countDown();
                }
                line = output.readLine();
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
