package dev.reseat.systemtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a process prints, as it comes; also kept in a file, for whoever looks into a failure. */
final class OutputLines {
    private final List<String> lines = new ArrayList<>(); // guarded by this
    private boolean ended; // guarded by this

    /** Begins to read. */
    static OutputLines of(Process process, Path log) {
        var output = new OutputLines();
        Thread.ofPlatform().daemon().name("output of " + log.getFileName()).start(() -> output.read(process, log));
        return output;
    }

    private void read(Process process, Path log) {
        try (BufferedReader reader = process.inputReader();
                var copy = new PrintStream(
                        Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND), true)) {
            String line = reader.readLine();
            while (line != null) {
                copy.println(line);
                add(line);
                line = reader.readLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized List<String> soFar() {
        return List.copyOf(lines);
    }

    /** Waits for a line, those before this call included. */
    synchronized String await(Predicate<String> wanted, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        int seen = 0;
        while (true) {
            for (; seen < lines.size(); seen++) {
                if (wanted.test(lines.get(seen))) {
                    return lines.get(seen);
                }
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (ended || left <= 0) {
                throw new AssertionError((ended ? "the process has ended" : "not said in time") + "; it said: "
                        + String.join("\n", lines));
            }
            wait(left);
        }
    }
}
