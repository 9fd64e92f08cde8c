package dev.reseat.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * A Python program of the test resources (folder {@code python}), run by the system's own interpreter, where Debian
 * puts oslo.messaging. Skips the test where that is missing, or fails with {@code -Dreseat.peers=required}. It is told
 * to end by the end of its input.
 *
 * <p>{@code -Dreseat.oslo.path=FOLDER} puts another version before Debian's: FOLDER is what {@code PYTHONPATH} takes.
 */
public final class PythonPeer implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";
    private static final Optional<String> OTHER_OSLO =
            Optional.ofNullable(System.getProperty("reseat.oslo.path")).filter(path -> !path.isBlank());
    private static final int LIMIT_SECONDS = 60;

    private final Process process;
    /** An empty line is the end of its output. */
    private final BlockingQueue<Optional<String>> lines;

    private PythonPeer(Process process, BlockingQueue<Optional<String>> lines) {
        this.process = process;
        this.lines = lines;
    }

    /**
     * @param script file name in {@code src/test/resources/python}; what it prints to stderr goes to ours
     * @param arguments its words
     */
    public static PythonPeer start(String script, String... arguments) {
        BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
        return start(script, lines, lines::add, List.of(arguments));
    }

    /**
     * The same for a program whose lines come at any time: {@link #line} does not get them.
     *
     * @param receiver gets each line, on one thread, and nothing when there are no more
     */
    static PythonPeer start(String script, Consumer<Optional<String>> receiver, String... arguments) {
        return start(script, new LinkedBlockingQueue<>(), receiver, List.of(arguments));
    }

    private static PythonPeer start(
            String script,
            BlockingQueue<Optional<String>> lines,
            Consumer<Optional<String>> receiver,
            List<String> arguments) {
        requireOslo();
        List<String> command = new ArrayList<>(List.of(PYTHON, "-c", text(script)));
        command.addAll(arguments);
        try {
            var builder = python(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            var peer = new PythonPeer(builder.start(), lines);
            Thread.ofPlatform().daemon().name("output of " + script).start(() -> peer.read(receiver));
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProcessBuilder python(List<String> command) {
        var builder = new ProcessBuilder(command);
        OTHER_OSLO.ifPresent(path -> builder.environment().put("PYTHONPATH", path));
        return builder;
    }

    private void read(Consumer<Optional<String>> receiver) {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            output.lines().map(Optional::of).forEach(receiver);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            receiver.accept(Optional.empty());
        }
    }

    /** Waits for the next line it prints. */
    public String line() throws InterruptedException {
        Optional<String> line = lines.poll(LIMIT_SECONDS, SECONDS);
        assertTrue(line != null, "the Python peer printed nothing");
        return line.orElseGet(() -> fail("the Python peer has ended"));
    }

    /** Writes one line to its input. */
    public synchronized void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            if (!process.waitFor(LIMIT_SECONDS, SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** As text, because it may lie in a jar. */
    private static String text(String script) {
        try (InputStream source = PythonPeer.class.getResourceAsStream("/python/" + script)) {
            return new String(source.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireOslo() {
        if (Files.isExecutable(Path.of(PYTHON)) && importsOslo()) {
            return;
        }
        String sentence = "this test needs oslo.messaging for " + PYTHON + ": install python3-oslo.messaging";
        if ("required".equals(System.getProperty("reseat.peers"))) {
            fail(sentence);
        }
        abort(sentence);
    }

    private static boolean importsOslo() {
        try {
            return python(List.of(PYTHON, "-c", "import oslo_messaging")).redirectErrorStream(true)
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
