package dev.reseat.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A service of ours in a process of its own, which can be killed and started again. One thread at a time. */
final class WorkerProcess implements AutoCloseable {
    private static final Duration STARTING = Duration.ofMinutes(2);
    private static final long ENDING_SECONDS = 30;
    private static final long LOOKING_MILLIS = 200;
    private static final String WORKS = " started in ";

    private final Class<?> main;
    private final Path settings;
    private final Path log;
    private Process process;

    private WorkerProcess(Class<?> main, Path settings, Path log) {
        this.main = main;
        this.settings = settings;
        this.log = log;
    }

    /**
     * Returns when it works.
     *
     * @param directory for its settings and its log
     * @param settings without those of its monitor
     */
    static WorkerProcess start(Class<?> main, String name, Path directory, String settings) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".conf"), settings + "\n[monitor]\nenabled = false\n");
        var worker = new WorkerProcess(main, file, directory.resolve(name + ".log"));
        worker.start();
        return worker;
    }

    /** Once more after a kill; returns when it works. */
    void start() {
        try {
            int before = Files.exists(log) ? (int) Files.size(log) : 0; // of those that were killed
            process = new ProcessBuilder(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dguice_custom_class_loading=CHILD", "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dreseat.log.level=INFO", "-cp",
                    Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                            .orElseGet(() -> System.getProperty("java.class.path")),
                    main.getName(), "--config-file", settings.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            long end = System.nanoTime() + STARTING.toNanos();
            while (!said(before).contains(WORKS)) {
                if (process.waitFor(LOOKING_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                    throw new IllegalStateException("it does not start:\n" + said(before));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String said(int from) throws IOException {
        byte[] all = Files.readAllBytes(log);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(main + " survives SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
