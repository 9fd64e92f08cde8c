package dev.reseat.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A script that keeps programs running for as long as its standard input is open, so also a JVM that is killed takes
 * them along. It is told words, one a line, and answers each by a line {@code done} or {@code failed}.
 */
final class Keeper implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer words;

    private Keeper(String name, Process process) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.words = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Returns when the script has said for the first time that it is done.
     *
     * @throws IllegalStateException with what it printed, if it has not
     */
    static Keeper start(String script, List<String> arguments) {
        return start(List.of(), script, arguments);
    }

    /** @param where the words before the script's own, if it is not to run in the network of this machine */
    static Keeper start(List<String> where, String script, List<String> arguments) {
        List<String> command = new ArrayList<>(where);
        command.addAll(List.of("bash", "-c", text(script), script));
        command.addAll(arguments);
        try {
            Keeper keeper = new Keeper(script, new ProcessBuilder(command).redirectErrorStream(true).start());
            keeper.await("start");
            return keeper;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The script itself. */
    static String text(String script) {
        try (InputStream text = Keeper.class.getResourceAsStream(script)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException if it fails */
    synchronized void tell(String word) {
        try {
            words.write(word + "\n");
            words.flush();
        } catch (IOException e) {
            throw new IllegalStateException(name + " has ended", e);
        }
        await(word);
    }

    private void await(String word) {
        StringBuilder printed = new StringBuilder();
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                switch (line) {
                    case "done" -> {
                        return;
                    }
                    case "failed" -> throw new IllegalStateException(name + " fails to " + word + ": " + printed);
                    default -> printed.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(name + " has ended: " + printed);
    }

    /** Returns when the script has ended, and what it keeps with it. Repeatable. */
    @Override
    public void close() {
        try {
            words.close();
        } catch (IOException e) {
            process.destroy(); // it has ended already
        }
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(name + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " was ending", e);
        }
    }
}
