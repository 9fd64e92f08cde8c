package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.storage.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A disk of a guest, as qemu opens it: writes when it is told to. Ends when it is closed, without a farewell. */
final class WritingClient implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;
    /** What it says of a write, or why it can make none; libraries of storages say among it what they meet with. */
    private static final List<String> ANSWERS = List.of("wrote ", "write failed", "an't open", "no file open");

    private final Process process;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private WritingClient(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().start(this::read);
    }

    /** @param words of {@code qemu-io}, which say what to open */
    static WritingClient open(Place host, String... words) {
        List<String> command =
                host.command(Stream.concat(Stream.of("qemu-io"), Stream.of(words)).toList());
        try {
            return new WritingClient(new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String said = line.replace("qemu-io> ", "");
                if (ANSWERS.stream().anyMatch(said::contains)) {
                    answers.add(said);
                }
            }
        } catch (IOException e) {
            answers.add("ended: " + e);
        }
        answers.add("ended");
    }

    /** Begins to write; who is cut off does not get further. */
    void begin() {
        try {
            process.outputWriter().write("write -f 0 4k\n");
            process.outputWriter().flush();
        } catch (IOException e) {
            answers.add("ended: " + e);
        }
    }

    /** How what was begun has ended: {@code wrote ...} if it was done. */
    String outcome() {
        try {
            String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(answer).as("an answer to a write").isNotNull();
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String write() {
        begin();
        return outcome();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
