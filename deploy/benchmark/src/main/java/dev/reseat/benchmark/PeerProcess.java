package dev.reseat.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One side of a contender: a process that answers lines of JSON. For one thread. */
final class PeerProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(10);

    private final String name;
    private final Process process;
    private final Writer input;
    /** Empty when there is no more. */
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

    private PeerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = process.outputWriter(UTF_8);
        // not a virtual one, which keeps its carrier while it waits at a pipe
        Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
    }

    /** Returns when it is ready. Its standard error is ours. */
    static PeerProcess start(String name, List<String> command) {
        try {
            var peer = new PeerProcess(name,
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
            try {
                peer.answer(PATIENCE);
                return peer;
            } catch (RuntimeException e) {
                peer.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(UTF_8)) {
            output.lines().map(Optional::of).forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add(Optional.of("{\"broken\": true}"));
        } finally {
            lines.add(Optional.empty());
        }
    }

    /** @param within how long the command itself may take */
    JsonNode ask(Map<String, Object> command, Duration within) {
        try {
            input.write(JSON.writeValueAsString(command) + "\n");
            input.flush();
        } catch (IOException e) {
            throw new IllegalStateException(name + " has ended", e);
        }
        return answer(within.plus(PATIENCE));
    }

    private JsonNode answer(Duration patience) {
        try {
            Optional<String> line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new IllegalStateException(name + " does not answer");
            }
            return JSON.readTree(line.orElseThrow(() -> new IllegalStateException(name + " has ended")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends its input, and the process if that does not help. */
    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
