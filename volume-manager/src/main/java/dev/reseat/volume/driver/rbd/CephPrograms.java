package dev.reseat.volume.driver.rbd;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.DriverException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** {@code rbd} and {@code ceph}, of one cluster and user, read as JSON. Keys stay in their files. */
final class CephPrograms {
    private static final int NO_SUCH_ENTRY = 2;

    private final RbdConfig config;
    private final CommandRunner commands;
    private final JsonMapper json = JsonMapper.builder().build();

    CephPrograms(RbdConfig config, CommandRunner commands) {
        this.config = config;
        this.commands = commands;
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
            throw new DriverException.VolumeMissing("image " + spec + " does not exist");
        }
        return read(all, result);
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

    private CommandResult run(List<String> words, Deadline deadline, int... answers) {
        DriverException.OutOfTime.check(deadline, String.join(" ", words));
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of("--format", "json", "--cluster", config.clusterName()));
        config.cephConf().ifPresent(file -> all.addAll(List.of("--conf", file.toString())));
        config.user().ifPresent(user -> all.addAll(List.of("--id", user)));
        try {
            return commands.run(Command.of(deadline.remaining().plusMillis(1), all).alsoAnswering(answers));
        } catch (CommandFailed.NotStarted e) {
            throw new DriverException.NotReady(e.getMessage(), e);
        } catch (CommandFailed.TimedOut | CommandFailed.Interrupted e) {
            throw new DriverException.OutOfTime(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw new DriverException.BackendFailed(e.getMessage(), e);
        }
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
