package dev.reseat.systemtest;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.testing.CloudFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The real {@code cinder} command, of current sources where a folder of {@link Masters} is named. */
final class CinderClient {
    private static final String PROJECT = "python-cinderclient";
    private static final Path CINDER = Path.of("/usr/bin/cinder");

    private final String endpoint;

    private CinderClient(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Skips the test where it is missing, or fails with {@code -Dreseat.peers=required}. */
    static CinderClient of(Cloud cloud) {
        return at(cloud.settings().endpoint());
    }

    /** The same for another endpoint. */
    static CinderClient at(String endpoint) {
        if (!Files.isExecutable(CINDER)) {
            String sentence = "this test needs " + CINDER + ": install python3-cinderclient";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
        return new CinderClient(endpoint);
    }

    Program run(String... words) {
        List<String> command = new ArrayList<>(List.of(
                CINDER.toString(), "--os-auth-type", "noauth", "--os-endpoint", endpoint + "/v3",
                "--os-project-id", CloudFixture.PROJECT, "--os-user-id", CloudFixture.USER));
        command.addAll(List.of(words));
        Map<String, String> environment = new HashMap<>(Map.of("LC_ALL", "C.UTF-8"));
        Masters.named().ifPresent(current -> environment.put("PYTHONPATH", current.of(PROJECT).toString()));
        return Program.run(environment, command);
    }
}
