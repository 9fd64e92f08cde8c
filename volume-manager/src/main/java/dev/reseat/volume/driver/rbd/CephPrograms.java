package dev.reseat.volume.driver.rbd;

import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code rbd} and {@code ceph}, of one cluster and user, read as JSON. Keys stay in their files. */
final class CephPrograms {
    private static final int NO_SUCH_ENTRY = 2;
    /** The one that {@code ceph} itself runs by, which has Ceph's modules. */
    private static final String PYTHON = "/usr/bin/python3";
    private static final String IMAGES = script("images.py");

    private final RbdConfig config;
    private final BackendPrograms programs;
    private final JsonMapper json = JsonMapper.builder().build();

    CephPrograms(RbdConfig config, BackendPrograms programs) {
        this.config = config;
        this.programs = programs;
    }

    /**
     * Asks about one image.
     *
     * @throws DriverException.VolumeMissing if the pool does not have it
     */
    JsonNode ofImage(String image, Deadline deadline, String... words) {
        String spec = config.pool() + "/" + image;
        List<String> all = new ArrayList<>(List.of("rbd"));
        all.addAll(List.of(words));
        all.add(spec);
        CommandResult result = run(all, deadline, NO_SUCH_ENTRY);
        if (result.exitCode() == NO_SUCH_ENTRY) {
            String missing = ImageHolders.missing(image, ofPool(deadline, "trash", "ls", "--all"));
            throw new DriverException.VolumeMissing(missing + " in pool " + config.pool());
        }
        return read(all, result);
    }

    /** Changes something of one image: {@code rbd BEFORE POOL/IMAGE AFTER}. What came of it is for a look to say. */
    void changeImage(String image, Deadline deadline, List<String> before, List<String> after) {
        List<String> all = new ArrayList<>(List.of("rbd"));
        all.addAll(before);
        all.add(config.pool() + "/" + image);
        all.addAll(after);
        runPlainly(all, deadline);
    }

    /** Changes something of the cluster; what came of it is for a look to say. */
    void changeCluster(Deadline deadline, String... words) {
        List<String> all = new ArrayList<>(List.of("ceph"));
        all.addAll(List.of(words));
        runPlainly(all, deadline);
    }

    /** Asks {@code rbd} about the pool. */
    JsonNode ofPool(Deadline deadline, String... words) {
        List<String> all = new ArrayList<>(List.of("rbd"));
        all.addAll(List.of(words));
        all.addAll(List.of("--pool", config.pool()));
        return read(all, run(all, deadline));
    }

    /** Asks {@code ceph} about the cluster. */
    JsonNode ofCluster(Deadline deadline, String... words) {
        List<String> all = new ArrayList<>(List.of("ceph"));
        all.addAll(List.of(words));
        return read(all, run(all, deadline));
    }

    /**
     * The images that are called as volumes are, with who is at each, as {@code images.py} prints them: as many as it
     * can look at in half of the time.
     *
     * @param after what comes after that name; empty for the beginning
     */
    JsonNode images(Optional<String> after, int most, Deadline deadline) {
        List<String> words = new ArrayList<>(List.of(
                PYTHON, "-", "--cluster", config.clusterName(), "--pool", config.pool(),
                "--before=" + config.nameTemplate().before(), "--id-pattern=" + BackendVolume.NAME_ID,
                "--after=" + config.nameTemplate().after(), "--most", String.valueOf(most),
                "--seconds", String.valueOf(deadline.remaining().toMillis() / 2000.0)));
        after.ifPresent(last -> words.add("--last=" + last));
        config.cephConf().ifPresent(file -> words.addAll(List.of("--conf", file.toString())));
        config.user().ifPresent(user -> words.addAll(List.of("--user", user)));
        return read(
                List.of("images.py", config.pool()),
                programs.run(deadline, words, command -> command.withInput(IMAGES)));
    }

    private static String script(String name) {
        try (InputStream text = CephPrograms.class.getResourceAsStream(name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandResult run(List<String> words, Deadline deadline, int... answers) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--format", "json"));
        return runPlainly(all, deadline, answers);
    }

    private CommandResult runPlainly(List<String> words, Deadline deadline, int... answers) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--cluster", config.clusterName()));
        config.cephConf().ifPresent(file -> all.addAll(List.of("--conf", file.toString())));
        config.user().ifPresent(user -> all.addAll(List.of("--id", user)));
        return programs.run(deadline, all, command -> command.alsoAnswering(answers));
    }

    private JsonNode read(List<String> words, CommandResult result) {
        String command = "'" + String.join(" ", words) + "'";
        try (JsonParser parser = json.createParser(result.output())) {
            List<JsonNode> all = new ArrayList<>();
            while (parser.nextToken() != null) {
                all.add(parser.readValueAsTree());
            }
            if (all.isEmpty()) {
                throw new DriverException.BackendFailed(command + " has printed nothing");
            }
            return all.size() == 1 ? all.getFirst() : joined(command, all);
        } catch (JacksonException e) {
            throw new DriverException.BackendFailed(command + " has printed no JSON", e);
        }
    }

    /** Several lists after one another, as the blocklist and that of ranges, are one. */
    private JsonNode joined(String command, List<JsonNode> lists) {
        ArrayNode all = json.createArrayNode();
        for (JsonNode list : lists) {
            if (!(list instanceof ArrayNode items)) {
                throw new DriverException.BackendFailed(command + " has printed more than one answer");
            }
            all.addAll(items);
        }
        return all;
    }
}
