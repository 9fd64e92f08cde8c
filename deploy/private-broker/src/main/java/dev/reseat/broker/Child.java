package dev.reseat.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A program that runs beside us and says in its output when it is ready. What it prints is kept in a file. */
final class Child {
    static final Charset CHARSET = StandardCharsets.UTF_8;

    /** Erlang is talkative about its end, and says the reason early. */
    private static final int LAST_LINES = 100;

    private final Process process;
    private final Path log;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * @param log where its output is kept, and beside it what it writes into its working directory
     * @param readyLine part of the line that says it is ready
     */
    static Child start(List<String> words, Map<String, String> environment, Path log, String readyLine) {
        var builder = new ProcessBuilder(words).redirectErrorStream(true).directory(log.getParent().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            var child = new Child(builder.start(), log);
            // not a virtual one, which keeps its carrier while it waits at a pipe: two nodes would stop all others
            Thread.ofPlatform().daemon().name("output of " + words.getFirst()).start(() -> child.read(readyLine));
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String readyLine) {
        try (BufferedReader output = process.inputReader(CHARSET);
                var file = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                file.write(line + "\n");
                file.flush();
                if (line.contains(readyLine)) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IllegalStateException("it ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    void awaitReady(Duration limit) {
        try {
            ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a program was starting", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not ready after " + limit.toSeconds() + " s or ended: " + lastWords(), e);
        }
    }

    void writePid(Path file) {
        try {
            Files.writeString(file, String.valueOf(process.pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Asks it to end. @return whether it did within the limit */
    boolean end(Duration limit) {
        process.destroy();
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it and what it has started, as a crash would. @return whether it did end within the limit */
    boolean kill(Duration limit) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        return CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .handle((_, late) -> late == null)
                .join();
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log, CHARSET);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "its output cannot be read: " + e.getMessage();
        }
    }
}
