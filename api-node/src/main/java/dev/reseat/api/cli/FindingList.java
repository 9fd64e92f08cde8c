package dev.reseat.api.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code reseat findings list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists findings, oldest first.",
        footer = {
                "",
                "With --exit-code: 0 nothing found, 3 something found, 4 not enough evidence: volumes that nobody can"
                        + " judge, or somebody was silent, or no sweep has seen everything yet, or the last one"
                        + " failed."})
final class FindingList implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FOUND = 3;
    private static final int NOT_ENOUGH = 4;
    private static final String UNKNOWN = "unknown";
    private static final String KNOWN = "pattern,unlisted";
    private static final String SHOWN = "new,confirmed";

    private final ConnectionOptions options;
    private final Output output;

    @Option(names = "--pattern", split = ",", paramLabel = "N",
            description = "only of these patterns") private List<String> patterns = List.of();

    @Option(names = "--verdict", split = ",", paramLabel = "VERDICT", description = "only those: pattern, unlisted, "
            + UNKNOWN + " (not enough evidence); without this and --pattern: " + KNOWN) private List<String> verdicts =
                    List.of();

    @Option(names = "--state", split = ",", paramLabel = "STATE", description = "only in these states: new, confirmed, "
            + "ignored, gone; " + SHOWN + " otherwise") private List<String> states = List.of();

    @Option(names = "--volume", paramLabel = "ID", description = "only of that volume") private String volume;

    @Option(names = "--backend", paramLabel = "HOST@BACKEND", description = "only there") private String backend;

    @Option(names = "--host", paramLabel = "HOST", description = "only of that compute host") private String host;

    @Option(names = "--project", paramLabel = "ID", description = "only of that project") private String project;

    @Option(names = "--exit-code", description = "say by the exit code what was found") private boolean exitCode;

    @Option(names = Output.JSON_OPTION,
            description = "print {\"findings\": [...], \"sweeps\": [...]}") private boolean json;

    FindingList(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        List<JsonNode> found = new ArrayList<>();
        JsonNode sweeps;
        try (ApiClient api = options.client()) {
            Optional<String> after = Optional.empty();
            do {
                JsonNode page = api.get(FindingCommands.PATH + ApiClient.query(query(after)));
                page.path("findings").forEach(found::add);
                sweeps = page.path("sweeps");
                after = page.path("next").stringValueOpt();
            } while (after.isPresent());
        }
        found.sort(Comparator.comparing(one -> one.path("since").asString()));
        print(found, sweeps);
        return exitCode ? code(found, sweeps) : ExitCode.OK;
    }

    private Map<String, String> query(Optional<String> after) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("state", states.isEmpty() ? SHOWN : String.join(",", states));
        if (!patterns.isEmpty()) {
            query.put("pattern", String.join(",", patterns));
        }
        if (!verdicts.isEmpty() || patterns.isEmpty()) {
            query.put("verdict", verdicts.isEmpty() ? KNOWN : String.join(",", verdicts));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("volume_id", volume);
        texts.put("backend", backend);
        texts.put("host", host);
        texts.put("project_id", project);
        texts.forEach((name, value) -> {
            if (value != null) {
                query.put(name, value);
            }
        });
        after.ifPresent(id -> query.put("after", id));
        return query;
    }

    private void print(List<JsonNode> found, JsonNode sweeps) {
        if (json) {
            ObjectNode document = JSON.createObjectNode();
            ArrayNode all = document.putArray("findings");
            found.forEach(all::add);
            document.set("sweeps", sweeps);
            output.print(document);
            return;
        }
        PrettyTable table = new PrettyTable("ID", "Volume", "Pattern", "Name", "State", "Since", "Sweeps", "Where");
        for (JsonNode one : found) {
            table.row(
                    one.path("id").asString(), one.path("volume_id").asString(), one.path("pattern").asString(),
                    one.path("name").asString(), one.path("state").asString(), one.path("since").asString(),
                    one.path("sweeps").asString(),
                    one.path("host").stringValueOpt().or(() -> one.path("backend").stringValueOpt()).orElse("-"));
        }
        output.print(table);
        output.note(last(sweeps));
    }

    private static String last(JsonNode sweeps) {
        JsonNode last = ended(sweeps);
        if (last.isMissingNode()) {
            return "no sweep is over yet; [reseat] sweep_interval of the api-nodes says how often there is one";
        }
        String silent = silent(last, "silent_hosts", "hosts") + silent(last, "silent_backends", "backends")
                + silent(last, "silent_cells", "cells");
        return "sweep " + last.path("id").asString() + " " + last.path("state").asString() + ", begun "
                + last.path("started_at").asString() + " on " + last.path("node").asString() + ": "
                + last.path("volumes").asString() + " volumes, " + last.path("unknown_volumes").asString()
                + " without enough evidence (--verdict " + UNKNOWN + ")" + silent
                + last.path("why").stringValueOpt().map("; "::concat).orElse("");
    }

    /** The latest that is over. */
    private static JsonNode ended(JsonNode sweeps) {
        return sweeps.path(0).path("state").asString("").equals("running") ? sweeps.path(1) : sweeps.path(0);
    }

    private static String silent(JsonNode sweep, String key, String what) {
        List<String> names = sweep.path(key).propertyNames().stream().sorted().toList();
        return names.isEmpty() ? "" : "; silent " + what + ": " + String.join(", ", names);
    }

    /** What they have that no row knows was not seen. */
    private static boolean hasSilent(JsonNode sweep) {
        return Stream.of("silent_hosts", "silent_backends", "silent_cells").anyMatch(key -> !sweep.path(key).isEmpty());
    }

    private static int code(List<JsonNode> found, JsonNode sweeps) {
        if (found.stream().anyMatch(one -> !one.path("verdict").asString().equals(UNKNOWN))) {
            return FOUND;
        }
        JsonNode last = ended(sweeps);
        return found.isEmpty() && last.path("state").asString("").equals("done")
                && last.path("unknown_volumes").asInt(0) == 0 && !hasSilent(last)
                        ? ExitCode.OK
                        : NOT_ENOUGH;
    }
}
