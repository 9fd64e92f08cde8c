package dev.reseat.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real RabbitMQ for tests, one per test JVM: that of {@code -Dreseat.test.transport_url}, otherwise a private node
 * where rabbitmq-server is installed. Without either the test is skipped, or fails with
 * {@code -Dreseat.peers=required}. Tests share it: they use names of their own.
 */
public final class RabbitBroker {
    private static final String GIVEN = "reseat.test.transport_url";
    private static Optional<RabbitBroker> shared = Optional.empty();

    private final String transportUrl;
    private final Optional<PrivateRabbitNode> node;

    private RabbitBroker(String transportUrl, Optional<PrivateRabbitNode> node) {
        this.transportUrl = transportUrl;
        this.node = node;
    }

    /** The broker of this JVM, running. */
    public static synchronized RabbitBroker running() {
        if (shared.isEmpty()) {
            shared = Optional.of(find());
        }
        shared.get().node.ifPresent(PrivateRabbitNode::start);
        return shared.get();
    }

    /** The same, for tests that kill and restart it: skipped where only a foreign broker is at hand. */
    public static RabbitBroker restartable() {
        RabbitBroker broker = running();
        return broker.node.isPresent()
                ? broker
                : missing("a broker that may be killed: rabbitmq-server on this machine");
    }

    /** The server program, for tests that launch a node of their own; they are skipped where it is missing. */
    public static Path serverProgram() {
        Optional<Path> server = PrivateRabbitNode.installedServer();
        if (server.isEmpty()) {
            missing("rabbitmq-server on this machine");
        }
        return server.orElseThrow();
    }

    public String transportUrl() {
        return transportUrl;
    }

    /** Ends the broker as a crash would. */
    public void kill() {
        own().kill();
    }

    /** Stops the broker in order. */
    public void stop() {
        own().stop();
    }

    public void start() {
        own().start();
    }

    public void restart() {
        stop();
        start();
    }

    /** The node itself, e.g. for {@code rabbitmqctl}. */
    public PrivateRabbitNode own() {
        return node.orElseThrow(() -> new IllegalStateException("not a broker of our own: use restartable()"));
    }

    private static RabbitBroker find() {
        Optional<String> given = Optional.ofNullable(System.getProperty(GIVEN)).filter(url -> !url.isBlank());
        if (given.isPresent()) {
            return new RabbitBroker(given.get(), Optional.empty());
        }
        Optional<Path> server = PrivateRabbitNode.installedServer();
        if (server.isPresent()) {
            return launch(server.get());
        }
        return missing("RabbitMQ: install rabbitmq-server, or give -D" + GIVEN);
    }

    private static RabbitBroker launch(Path server) {
        try {
            Path directory = Files.createTempDirectory("reseat-rabbit-");
            PrivateRabbitNode node = PrivateRabbitNode.launch(server, directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                node.close();
                remove(directory);
            }));
            return new RabbitBroker(node.transportUrl(), Optional.of(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RabbitBroker missing(String what) {
        String sentence = "this test needs " + what;
        return "required".equals(System.getProperty("reseat.peers")) ? fail(sentence) : abort(sentence);
    }
}
