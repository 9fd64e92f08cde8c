package dev.reseat.systemtest;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What of OpenStack is installed on this machine, from Debian's packages. */
final class OpenStackPrograms {
    private static final List<String> NEEDED = List.of(
            "cinder-api", "cinder-scheduler", "cinder-volume", "cinder-manage", "nova-conductor", "nova-manage",
            "placement-manage", "keystone-manage");

    private OpenStackPrograms() {}

    /**
     * Skips the test where something is missing, or fails with {@code -Dreseat.peers=required}.
     *
     * @param more programs than every such test needs
     */
    static void require(String... more) {
        List<String> missing = Stream.concat(NEEDED.stream(), Stream.of(more))
                .filter(name -> !Files.isExecutable(program(name)))
                .toList();
        if (!missing.isEmpty()) {
            String sentence = "this test needs a real OpenStack, and there is no " + String.join(", ", missing);
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
    }

    static Path program(String name) {
        return Path.of("/usr/bin", name);
    }

    /** A program of theirs with its settings. */
    static List<String> command(String name, Path settings) {
        return List.of(program(name).toString(), "--config-file", settings.toString());
    }

    /** A script of ours in their Python. */
    static List<String> script(String name, String... words) {
        return Stream.concat(Stream.of("/usr/bin/python3", scripts().resolve(name).toString()), Stream.of(words))
                .toList();
    }

    static Path scripts() {
        try {
            return Path.of(OpenStackPrograms.class.getResource("/neighbours").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
