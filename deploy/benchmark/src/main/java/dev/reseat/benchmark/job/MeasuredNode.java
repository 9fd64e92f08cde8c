package dev.reseat.benchmark.job;

import dev.reseat.benchmark.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that serves HTTP: an api-node of ours, or upstream's. Its log is beside its settings. For one thread. */
final class MeasuredNode implements AutoCloseable {
    private static final long START_SECONDS = 120;
    private static final long LOOK_MILLIS = 100;
    private static final List<String> FLAGS = List.of(
            "-Dguice_custom_class_loading=CHILD", "--enable-native-access=ALL-UNNAMED", "-Xmx512m");

    private final String name;
    private final Process process;
    private final int port;
    private final Path log;

    private MeasuredNode(String name, Process process, int port, Path log) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** An api-node, with the flags of its script in {@code bin}. Returns when it serves. */
    static MeasuredNode apiNode(Path directory, String name, int port, String settings)
            throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve(name + ".conf"), settings);
        List<String> command = new ArrayList<>(List.of(java("java").toString()));
        command.addAll(FLAGS);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), "dev.reseat.api.Main", "--config-file", file.toString()));
        return start(directory, name, port, command);
    }

    /** Returns when it serves. */
    static MeasuredNode start(Path directory, String name, int port, List<String> command)
            throws IOException, InterruptedException {
        Path log = directory.resolve(name + ".log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var node = new MeasuredNode(name, process, port, log);
        try {
            node.awaitServing();
            return node;
        } catch (IOException | InterruptedException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private void awaitServing() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers()) {
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                throw new IllegalStateException(name + " does not serve: " + Files.readString(log));
            }
        }
    }

    private boolean answers() throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(URI.create(url())).timeout(Duration.ofSeconds(START_SECONDS)).build(),
                    BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false; // nobody there, or not yet ready
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    long cpuNanos() {
        return Usage.cpuNanos(process.toHandle());
    }

    /** What is left on the heap after a full collection, which this makes; zero where the JDK's jcmd is missing. */
    long heapBytes() throws IOException, InterruptedException {
        if (!Files.isExecutable(java("jcmd"))) {
            return 0;
        }
        Process jcmd = new ProcessBuilder(
                java("jcmd").toString(), String.valueOf(process.pid()), "GC.class_histogram").start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return histogram.lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
                .sum();
    }

    private static Path java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
