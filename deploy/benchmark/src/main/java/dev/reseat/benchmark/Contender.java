package dev.reseat.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Who is measured. Each has a client and a server, in a process of its own each. */
enum Contender {
    /** The client library of RabbitMQ and bytes, with acknowledgements and confirms as we have them. */
    FLOOR("floor"),
    /** The same over a topic exchange, as oslo.messaging's wire asks for; the floor takes the default exchange. */
    FLOOR_TOPIC("floor-topic"),
    /** The floor without acknowledgements and confirms: what may lose messages without a word. */
    FLOOR_BARE("floor-bare"),
    /** Spring AMQP with JSON and its own defaults, as we and oslo.messaging have ours. */
    SPRING("spring"),
    /** The same with a channel kept for every caller; by default 25 are, and the others opened and closed again. */
    SPRING_TUNED("spring-tuned"),
    /**
     * The same with what we and the floor promise: a reply queue that is acknowledged, mandatory messages, confirms.
     */
    SPRING_SAFE("spring-safe"),
    /** The real oslo.messaging. */
    OSLO("oslo"),
    /** Reseat's {@code common-rpc}. */
    OURS("ours");

    private static final String PYTHON = "/usr/bin/python3"; // where Debian puts oslo.messaging
    private static final String PEER = "dev.reseat.benchmark.peer.PeerMain";

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Runs on a JVM that first has to compile what is hot. */
    boolean needsWarmUp() {
        return this != OSLO;
    }

    /** @param jvmFlags not for Python */
    List<String> command(String role, String transportUrl, int servers, List<String> jvmFlags) {
        List<String> words = List.of(role, label, transportUrl, String.valueOf(servers));
        if (this == OSLO) {
            return concat(List.of(PYTHON, "-c", script("oslo_peer.py")), words);
        }
        List<String> java = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dguice_custom_class_loading=CHILD", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"));
        return concat(concat(java, jvmFlags), concat(List.of(PEER), words));
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static String script(String name) {
        try (InputStream source = Contender.class.getResourceAsStream("/python/" + name)) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
