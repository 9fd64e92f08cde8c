package dev.reseat.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The demo in a process of its own, as {@code deploy/demo} runs it. */
final class DemoProcess implements AutoCloseable {
    private final Process process;
    private final List<String> printed = new ArrayList<>();
    private final CompletableFuture<String> serving = new CompletableFuture<>();
    private final Thread reader;

    DemoProcess(String... words) throws IOException {
        this(Map.of(), words);
    }

    /** @param environment on top of ours */
    DemoProcess(Map<String, String> environment, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dguice_custom_class_loading=CHILD",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC", // it lives for seconds
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                        .orElseGet(() -> System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        reader = Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (printed) {
                    printed.add(line);
                }
                if (line.startsWith("serving ")) {
                    serving.complete(line);
                }
            }
        } catch (IOException failure) {
            serving.completeExceptionally(failure);
        }
        serving.completeExceptionally(new IllegalStateException("it never served:\n" + printed()));
    }

    /** The line that says so. */
    String awaitServing() throws ExecutionException, InterruptedException, TimeoutException {
        return serving.get(2, TimeUnit.MINUTES);
    }

    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            throw new IllegalStateException("it does not end:\n" + printed());
        }
        reader.join();
        return process.exitValue();
    }

    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    String printed() {
        synchronized (printed) {
            return String.join("\n", printed);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
