package dev.reseat.api.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code reseat job report}: every item, and what became of it. */
@Command(name = "report", mixinStandardHelpOptions = true, description = "Accounts for every item of a job: what is "
        + "planned, whether it can be undone, and what became of it.",
        exitCodeListHeading = "%nExit codes, with --exit-code:%n", exitCodeList = {
                " as of reseat job watch; without it 0"})
final class JobReport implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PAGE = 1000;
    /** More lines than that nobody reads unasked. */
    private static final int LISTED = 50;
    private static final List<String> COLUMNS = List.of(
            "position", "volume_id", "instance_id", "host", "backend", "state", "attempt", "plan", "undo", "detail",
            "journal", "started_at", "ended_at");

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "JOB", description = "its id") private String job;

    @Option(names = "--state", paramLabel = "STATE[,STATE]", description = "only items in these "
            + "states") private String state;

    @Option(names = "--items", description = "list every item, also where there are more "
            + "than " + LISTED) private boolean all;

    @Option(names = "--csv", description = "print comma-separated values") private boolean csv;

    @Option(names = "--exit-code", description = "say by the exit code how the job "
            + "stands") private boolean exitCode;

    @Option(names = Output.JSON_OPTION, description = "print {\"job\": {...}, \"items\": [...]}") private boolean json;

    JobReport(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        if (csv && json) {
            throw new UsageError("--csv or --json, not both");
        }
        JsonNode shown;
        List<JsonNode> items;
        try (ApiClient api = options.client()) {
            shown = api.get(JobCommands.path(job)).path("job");
            items = items(api);
        }
        if (json) {
            ObjectNode report = JSON.createObjectNode();
            report.set("job", shown);
            report.putArray("items").addAll(items);
            output.print(report);
        } else if (csv) {
            output.print(String.join(",", COLUMNS));
            items.forEach(item -> output.print(line(item)));
        } else {
            output.print(JobText.of(shown));
            output.print(JobSummary.of(items));
            if (all || state != null || items.size() <= LISTED) {
                output.print(table(items));
            } else {
                output.print("  each of them: reseat job report " + job + " --items, --state STATE, --csv or --json");
            }
        }
        return exitCode ? JobWatch.code(shown) : ExitCode.OK;
    }

    private List<JsonNode> items(ApiClient api) {
        List<JsonNode> items = new ArrayList<>();
        String filter = state == null ? "" : "&state=" + ApiClient.encoded(state);
        JsonNode page;
        do {
            int after = items.isEmpty() ? -1 : items.getLast().path("position").asInt();
            page = api.get(JobCommands.path(job) + "/items?limit=" + PAGE + "&after=" + after + filter).path("items");
            page.forEach(items::add);
        } while (!page.isEmpty());
        return items;
    }

    private static PrettyTable table(List<JsonNode> items) {
        PrettyTable table = new PrettyTable("Volume", "Host", "State", "Plan", "Undo", "Detail");
        items.forEach(item -> table.row(
                item.path("volume_id").asString(), item.path("host").asString("-"), item.path("state").asString(),
                item.path("plan").asString("-"), item.path("undo").asString(), item.path("detail").asString("-")));
        return table;
    }

    private static String line(JsonNode item) {
        return COLUMNS.stream().map(name -> quoted(item.path(name).asString(""))).collect(Collectors.joining(","));
    }

    /** As RFC 4180 has it; a text that a spreadsheet would take for a formula is none. */
    private static String quoted(String text) {
        String safe = text.matches("^[=+@-].*") ? "'" + text : text;
        return safe.matches("(?s).*[\",\r\n].*") ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
