package dev.reseat.storage;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that end by themselves. */
final class Programs {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private Programs() {}

    /** Of packages by the program each is wanted for, those whose program is not there, sorted. */
    static List<String> missing(Map<String, String> packages) {
        return packages.entrySet()
                .stream()
                .filter(one -> !Files.isExecutable(Path.of(one.getKey())))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    /**
     * What a program prints.
     *
     * @throws IllegalStateException if it fails, with all it printed
     */
    static String run(List<String> command) {
        return run(LIMIT, command);
    }

    /** The same for one that may take longer. */
    static String run(Duration limit, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " fails: " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command.getFirst() + " was running", e);
        }
    }
}
