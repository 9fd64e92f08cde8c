package dev.reseat.systemtest;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Current sources of OpenStack's projects, which {@code deploy/system-test/masters} fetches for one run: a folder for
 * each project in that which {@code -Dreseat.masters=FOLDER} names.
 */
final class Masters {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;

    private Masters(Path folder) {
        this.folder = folder;
    }

    /** Empty where no folder is named: tests have the peers then that are installed. */
    static Optional<Masters> named() {
        return Optional.ofNullable(System.getProperty("reseat.masters"))
                .filter(name -> !name.isBlank())
                .map(name -> new Masters(Path.of(name).toAbsolutePath()));
    }

    /** Skips the test where no folder is named: what it reads is fetched for one run and is no part of a build. */
    static Masters orSkip() {
        return named().orElseGet(() -> abort("this test reads current sources of OpenStack: run it with "
                + "deploy/system-test/masters FOLDER, which fetches them"));
    }

    /** What {@code PYTHONPATH} takes. */
    Path of(String project) {
        return folder.resolve(project);
    }

    /**
     * What {@code rpc_sources.py} reads in a file.
     *
     * @param file project and path
     * @param name of the class, or the constant
     */
    JsonNode read(String what, String file, String... name) {
        Program told = Program.run(Map.of(), concat(
                List.of("/usr/bin/python3", "-c", script(), what, folder.resolve(file).toString()), List.of(name)));
        told.assertSucceeded();
        return JSON.readTree(told.out());
    }

    private static List<String> concat(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static String script() {
        try (InputStream source = Masters.class.getResourceAsStream("/masters/rpc_sources.py")) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
