package dev.reseat.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Erlang's port mapper on a port of its own: only nodes that are given this port can meet. Thread-safe. */
final class PortMapper implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String READY = "epmd running";

    private final Path directory;
    private final int port = LoopbackPorts.reserve();
    private Optional<Child> running = Optional.empty(); // guarded by this

    /** @param directory for what it prints and its process id; has to exist when it is started */
    PortMapper(Path directory) {
        this.directory = directory;
    }

    int port() {
        return port;
    }

    Path pidFile() {
        return directory.resolve("epmd.pid");
    }

    /** Returns when it answers. Repeatable. */
    synchronized void start(Map<String, String> environment) {
        if (running.filter(Child::isRunning).isPresent()) {
            return;
        }
        List<String> words =
                List.of("epmd", "-d", "-port", String.valueOf(port), "-address", PrivateRabbitNode.LOOPBACK);
        Child child = Child.start(words, environment, directory.resolve("epmd.log"), READY);
        running = Optional.of(child);
        child.writePid(pidFile());
        child.awaitReady(START_LIMIT);
    }

    /** Repeatable. */
    @Override
    public synchronized void close() {
        running.ifPresent(child -> child.end(STOP_LIMIT));
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
