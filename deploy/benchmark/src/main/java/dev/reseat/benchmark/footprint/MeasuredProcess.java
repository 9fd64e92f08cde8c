package dev.reseat.benchmark.footprint;

import dev.reseat.benchmark.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A process and what the kernel says of it. Its output goes to a file. For one thread. */
final class MeasuredProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofMinutes(10);
    private static final long LOOK_MILLIS = 1;

    private final String name;
    private final Process process;
    private final Path log;
    private final long begun;

    private MeasuredProcess(String name, Process process, Path log, long begun) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.begun = begun;
    }

    /** Returns at once. */
    static MeasuredProcess exec(String name, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        long now = System.nanoTime();
        return new MeasuredProcess(name, builder.start(), log, now);
    }

    /** Looks again and again; the time since the exec. */
    Duration awaitReady(BooleanSupplier ready) throws IOException, InterruptedException {
        while (!ready.getAsBoolean()) {
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                    || System.nanoTime() - begun > START_LIMIT.toNanos()) {
                throw new IllegalStateException(name + " does not become ready: " + Files.readString(log));
            }
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** {@code Pss}: shared pages count for each process that has them by its share. */
    long proportionalBytes() throws IOException {
        return kilobytes("smaps_rollup", "Pss:") * 1024;
    }

    /** {@code VmRSS}. */
    long residentBytes() throws IOException {
        return kilobytes("status", "VmRSS:") * 1024;
    }

    /** Threads as the kernel has them. */
    int threads() throws IOException {
        try (Stream<Path> tasks = Files.list(proc("task"))) {
            return (int) tasks.count();
        }
    }

    /** User and system time so far. */
    long cpuNanos() {
        return Usage.cpuNanos(process.toHandle());
    }

    private long kilobytes(String file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(proc(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.substring(key.length()).replace("kB", "").strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(key + " is not in " + proc(file)));
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", String.valueOf(process.pid()), file);
    }

    /** By SIGTERM; returns when it has ended, with all that it does at its end. */
    void end() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " does not end: " + Files.readString(log));
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
