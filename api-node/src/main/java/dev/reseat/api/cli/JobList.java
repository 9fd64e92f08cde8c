package dev.reseat.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code reseat job list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the latest jobs, latest first.")
final class JobList implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "most jobs; "
            + "${DEFAULT-VALUE}") private int limit;

    @Option(names = Output.JSON_OPTION, description = "print {\"jobs\": [...]}") private boolean json;

    JobList(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        JsonNode answer;
        try (ApiClient api = options.client()) {
            answer = api.get(JobCommands.PATH + "?limit=" + limit);
        }
        if (json) {
            output.print(answer);
            return ExitCode.OK;
        }
        PrettyTable table = new PrettyTable("ID", "Action", "State", "Created", "Items");
        answer.path("jobs")
                .forEach(job -> table.row(
                        job.path("id").asString(), job.path("action").asString(), job.path("state").asString(),
                        job.path("created_at").asString(), JobText.counts(job)));
        output.print(table);
        return ExitCode.OK;
    }
}
