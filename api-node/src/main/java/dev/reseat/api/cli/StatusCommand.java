package dev.reseat.api.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code reseat status}. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows every api-node, volume-manager and "
        + "agent that answers: its version, since when it runs, and what is wrong with it.",
        footer = {
                "",
                "All are asked at once, and waited for. One of a release that does not know the question is silent,"
                        + " and so is one that is down.",
                "With --exit-code: 0 all is well, 3 something is wrong with one that has answered, 4 a compute host or"
                        + " backend has none that answers, or not all could be asked."})
final class StatusCommand implements Callable<Integer> {
    private static final String PATH = "/reseat/v1/services";
    private static final int WRONG = 3;
    private static final int NOT_ENOUGH = 4;
    private static final int NAMED = 20;

    private final ConnectionOptions options;
    private final Output output;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "3", description = "for answers; default: "
            + "${DEFAULT-VALUE}") private int wait;

    @Option(names = "--exit-code", description = "say by the exit code how they are") private boolean exitCode;

    @Option(names = Output.JSON_OPTION, description = "print {\"services\": [...], \"hosts_without_agent\": [...],"
            + " \"backends_without_volume_manager\": [...], \"not_asked\": [...]}") private boolean json;

    StatusCommand(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        JsonNode answer;
        try (ApiClient api = options.client()) {
            answer = api.get(PATH + "?wait=" + wait);
        }
        if (json) {
            output.print(answer);
        } else {
            print(answer);
        }
        return exitCode ? code(answer) : ExitCode.OK;
    }

    private void print(JsonNode answer) {
        PrettyTable table = new PrettyTable("Program", "Host", "Version", "Since", "Status", "Problems");
        for (JsonNode service : answer.path("services")) {
            List<String> problems = new ArrayList<>();
            service.path("problems")
                    .forEach(problem -> problems.add(
                            problem.path("check").asString() + ": " + problem.path("detail").asString()));
            table.row(
                    service.path("program").asString(), service.path("host").asString(),
                    service.path("version").asString(), service.path("since").asString(),
                    service.path("status").asString(), problems.isEmpty() ? "-" : String.join("\n", problems));
        }
        output.print(table);
        Map<String, Integer> versions = new TreeMap<>();
        answer.path("services").forEach(service -> versions.merge(service.path("version").asString(), 1, Integer::sum));
        if (versions.size() > 1) {
            output.note("several versions: " + versions.entrySet()
                    .stream()
                    .map(version -> version.getKey() + " (" + version.getValue() + ")")
                    .collect(Collectors.joining(", ")));
        }
        note("no agent answers on", answer.path("hosts_without_agent"));
        note("no volume-manager answers for", answer.path("backends_without_volume_manager"));
        answer.path("not_asked").forEach(why -> output.note("not all could be asked: " + why.asString()));
    }

    private void note(String what, JsonNode names) {
        if (!names.isEmpty()) {
            String some = names.valueStream().limit(NAMED).map(JsonNode::asString).collect(Collectors.joining(", "));
            output.note(what + ": " + some
                    + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more (--json has all)" : ""));
        }
    }

    private static int code(JsonNode answer) {
        if (answer.path("services").valueStream().anyMatch(one -> !one.path("status").asString().equals("up"))) {
            return WRONG;
        }
        return answer.path("hosts_without_agent").isEmpty() && answer.path("backends_without_volume_manager").isEmpty()
                && answer.path("not_asked").isEmpty()
                        ? ExitCode.OK
                        : NOT_ENOUGH;
    }
}
