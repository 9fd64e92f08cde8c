package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.runtime.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The agent as a process of its own, started as its script starts it. */
final class AgentProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private AgentProcess(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().name("agent's log").start(this::read);
    }

    /** Returns at once. */
    static AgentProcess start(Path directory, String settings) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.conf"), settings);
        return new AgentProcess(new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dguice_custom_class_loading=CHILD", "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dreseat.log.level=INFO",
                "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "--config-file", file.toString()))
                .redirectErrorStream(true)
                .start());
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add("its output ended: " + e.getMessage()); // it was killed
        }
    }

    /** Waits for the next line of its log that has the text in it. */
    String await(String text) throws InterruptedException {
        var deadline = Deadline.after(LIMIT);
        var seen = new StringBuilder();
        while (true) {
            String line = lines.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            assertThat(line).as("a line with '%s' after: %s", text, seen).isNotNull();
            if (line.contains(text)) {
                return line;
            }
            seen.append(line).append('\n');
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** SIGTERM; the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
