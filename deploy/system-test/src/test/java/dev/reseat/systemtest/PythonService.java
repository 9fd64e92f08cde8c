package dev.reseat.systemtest;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of OpenStack's own services as a process of this test; its log is in the directory of its cloud. */
final class PythonService implements AutoCloseable {
    private static final Duration STARTED = Duration.ofMinutes(3); // Python imports much, and machines are busy
    private static final long ENDED = 15;

    private final String name;
    private final Process process;
    private final OutputLines output;

    private PythonService(String name, Process process, OutputLines output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** Starts it without waiting for it. */
    static PythonService launch(String name, Path directory, List<String> command) {
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", OpenStackPrograms.scripts().toString());
        builder.environment().put("OS_PLACEMENT_CONFIG_DIR", directory.toString());
        try {
            Process process = builder.start();
            return new PythonService(name, process, OutputLines.of(process, directory.resolve(name + ".log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it takes connections on a port of the loopback. */
    PythonService awaitPort(int port) throws InterruptedException {
        long end = System.nanoTime() + STARTED.toNanos();
        while (!takesConnections(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError(name + " does not listen; it said: " + String.join("\n", output.soFar()));
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        return this;
    }

    private static boolean takesConnections(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** One line to it, and the next one from it that begins with "answer". */
    String ask(String line) throws IOException, InterruptedException {
        int before = answers();
        BufferedWriter writer = process.outputWriter();
        writer.write(line);
        writer.newLine();
        writer.flush();
        output.await(said -> answers() > before, STARTED);
        return output.soFar()
                .stream()
                .filter(PythonService::isAnswer)
                .skip(before)
                .findFirst()
                .orElseThrow()
                .substring("answer ".length());
    }

    private int answers() {
        return (int) output.soFar().stream().filter(PythonService::isAnswer).count();
    }

    private static boolean isAnswer(String line) {
        return line.startsWith("answer ");
    }

    /** What it has printed. */
    List<String> said() {
        return output.soFar();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it: in order first, by force if it does not. */
    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.toHandle().destroy();
        try {
            if (!process.waitFor(ENDED, SECONDS)) {
                process.toHandle().destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.forEach(ProcessHandle::destroyForcibly);
    }
}
