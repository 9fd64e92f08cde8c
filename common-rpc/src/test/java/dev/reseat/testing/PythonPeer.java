package dev.reseat.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A Python program of the test resources (folder {@code python}), run by the system's own interpreter, where Debian puts
 * oslo.messaging. Skips the test where that is missing, or fails with {@code -Dreseat.peers=required}. It is told to end by
 * the end of its input.
 */
public final class PythonPeer implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";
    private static final int LIMIT_SECONDS = 60;

    private final Process process;
    /** An empty line is the end of its output. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private PythonPeer(Process process) {
        this.process = process;
    }

    /**
     * @param script file name in {@code src/test/resources/python}; what it prints to stderr goes to ours
     * @param arguments its words
     */
    public static PythonPeer start(String script, String... arguments) {
        requireOslo();
        List<String> command = new ArrayList<>(List.of(PYTHON, path(script).toString()));
        command.addAll(List.of(arguments));
        try {
            var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            var peer = new PythonPeer(builder.start());
            Thread.ofVirtual().name("output of " + script).start(peer::read);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            output.lines().map(Optional::of).forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(Optional.empty());
        }
    }

    /** Waits for the next line it prints. */
    public String line() throws InterruptedException {
        Optional<String> line = lines.poll(LIMIT_SECONDS, SECONDS);
        assertTrue(line != null, "the Python peer printed nothing");
        return line.orElseGet(() -> fail("the Python peer has ended"));
    }

    /** Waits until it has ended by itself, successfully. */
    public void awaitEnd() throws InterruptedException {
        assertTrue(process.waitFor(LIMIT_SECONDS, SECONDS), "the Python peer does not end");
        assertEquals(0, process.exitValue());
    }

    /** Ends its input, and the program if that does not help. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, SECONDS))
                process.destroyForcibly();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Path path(String script) {
        try {
            return Path.of(PythonPeer.class.getResource("/python/" + script).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void requireOslo() {
        if (Files.isExecutable(Path.of(PYTHON)) && importsOslo())
            return;
        String sentence = "this test needs oslo.messaging for " + PYTHON + ": install python3-oslo.messaging";
        if ("required".equals(System.getProperty("reseat.peers")))
            fail(sentence);
        abort(sentence);
    }

    private static boolean importsOslo() {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import oslo_messaging")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
