package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A program that ends by itself, and what came of it. */
record Program(int code, String out, String err) {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    static Program run(String... words) {
        return run(Map.of(), List.of(words));
    }

    static Program run(Map<String, String> environment, List<String> words) {
        return run(LIMIT, environment, words);
    }

    static Program run(Duration limit, Map<String, String> environment, List<String> words) {
        var builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> out = text(process.getInputStream());
            CompletableFuture<String> err = text(process.getErrorStream());
            if (!process.waitFor(limit)) {
                process.destroyForcibly();
                throw new AssertionError(words.getFirst() + " does not end");
            }
            return new Program(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void assertSucceeded() {
        assertThat(code).as(out + err).isZero();
    }

    private static CompletableFuture<String> text(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, task -> Thread.ofPlatform().daemon().start(task));
    }
}
