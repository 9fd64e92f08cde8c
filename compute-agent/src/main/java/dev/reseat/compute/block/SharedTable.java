package dev.reseat.compute.block;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.SharedLooks;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A table of the kernel's that is read once for all who ask at the same time, and after each of them has asked: it is
 * as long as the host has volumes, and each of these is asked about. Thread-safe.
 *
 * @param <V> the table
 */
public final class SharedTable<V> {
    /** Nobody waits so long: calls of connectors are given up before. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final String name;
    private final Reader<V> reader;
    private final SharedLooks<Looked<V>> looks =
            new SharedLooks<>(1, why -> new Looked<>(Optional.empty(), Optional.of(new IOException(why))));

    /** @param name of what is read, for messages */
    public SharedTable(String name, Reader<V> reader) {
        this.name = name;
        this.reader = reader;
    }

    /**
     * Reads it.
     *
     * @param <V> the table
     */
    @FunctionalInterface
    public interface Reader<V> {
        V read() throws IOException;
    }

    private record Looked<V>(Optional<V> table, Optional<IOException> failure) {}

    /** @throws IOException if it cannot be read */
    public V get() throws IOException {
        Looked<V> looked = looks.look(name, Deadline.after(PATIENCE), this::read);
        if (looked.failure().isPresent()) {
            throw new IOException(looked.failure().get().getMessage(), looked.failure().get());
        }
        return looked.table().orElseThrow();
    }

    private Looked<V> read() {
        try {
            return new Looked<>(Optional.of(reader.read()), Optional.empty());
        } catch (IOException e) {
            return new Looked<>(Optional.empty(), Optional.of(e));
        }
    }
}
