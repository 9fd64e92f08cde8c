package dev.reseat.systemtest;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.reseat.testing.FrozenProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One of our services as a process of its own, started through its launch script. One test thread uses it. */
final class ServiceProcess implements AutoCloseable {
    private static final Duration STARTED = Duration.ofMinutes(3); // as long as Python gets: machines are busy
    private static final long ENDED = 60;

    private final String program;
    private final Path settings;
    private final Path log;
    private Process process;
    private OutputLines output;

    /** @param directory where its settings and its log go */
    ServiceProcess(String program, Path directory, String settings) {
        this(program, program, directory, settings);
    }

    /** @param name of its settings and its log, for the second of a kind */
    ServiceProcess(String program, String name, Path directory, String settings) {
        this.program = program;
        this.settings = directory.resolve(name + ".conf");
        this.log = directory.resolve(name + ".log");
        try {
            Files.writeString(this.settings, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts it without waiting for it.
     *
     * @param words of its command line, beside the settings
     */
    ServiceProcess launch(String... words) {
        return launchFrom(Distribution.home(), words);
    }

    /** The same of another release. */
    ServiceProcess launchFrom(Path home, String... words) {
        List<String> command = new ArrayList<>(
                List.of(home.resolve("bin").resolve(program).toString(), "--config-file", settings.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // a process of a test lives for seconds
        builder.environment().put("RESEAT_JAVA_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m");
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        output = OutputLines.of(process, log);
        return this;
    }

    /** Returns when it says that it has started. */
    void awaitStarted() throws InterruptedException {
        output.await(line -> line.contains(program) && line.contains(" started in "), STARTED);
    }

    OutputLines output() {
        return output;
    }

    boolean hasRun() {
        return process != null;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}; returns when it is gone. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // the process itself would also close the output that is being read
        if (!process.waitFor(ENDED, SECONDS)) {
            throw new AssertionError(program + " survives SIGKILL");
        }
    }

    /** {@code SIGTERM}. */
    void terminate() {
        process.toHandle().destroy();
    }

    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(ENDED, SECONDS)) {
            throw new AssertionError(program + " does not end; it said: " + output.soFar());
        }
        return process.exitValue();
    }

    /** {@code SIGSTOP}: it stands still, its connections stay open. */
    void freeze() {
        FrozenProcess.freeze(process.pid());
    }

    void thaw() {
        FrozenProcess.thaw(process.pid());
    }

    /** Kills it if it runs. */
    @Override
    public void close() {
        if (process != null) {
            process.toHandle().destroyForcibly();
        }
    }
}
