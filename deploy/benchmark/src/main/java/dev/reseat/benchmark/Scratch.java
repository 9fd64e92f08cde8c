package dev.reseat.benchmark;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A broker of our own, and nothing left of it afterwards. */
public final class Scratch implements AutoCloseable {
    /** A line for each of thousands of connections is work of its own, and RabbitMQ drops lines when too many come. */
    private static final String QUIET = """
            log.connection.level = error
            log.channel.level = error
            log.queue.level = error
            """;

    private final Path directory;
    private final PrivateRabbitNode node;

    private Scratch(Path directory, PrivateRabbitNode node) {
        this.directory = directory;
        this.node = node;
    }

    /** @param server as from {@link PrivateRabbitNode#installedServer} */
    public static Scratch launch(Path server) throws IOException {
        Path directory = Files.createTempDirectory("reseat-bench-");
        try {
            return new Scratch(directory, PrivateRabbitNode.launch(server, directory.resolve("rabbitmq"), QUIET));
        } catch (RuntimeException e) {
            remove(directory);
            throw e;
        }
    }

    public PrivateRabbitNode node() {
        return node;
    }

    /** For files that go with it. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        node.kill(); // a node with thousands of connections takes its time to stop in order
        node.close();
        remove(directory);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
