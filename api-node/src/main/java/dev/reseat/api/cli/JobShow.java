package dev.reseat.api.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat job show}. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a job and how far it is.")
final class JobShow implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "JOB", description = "its id") private String job;

    @Option(names = Output.JSON_OPTION, description = "print {\"job\": {...}}") private boolean json;

    JobShow(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        JsonNode answer;
        try (ApiClient api = options.client()) {
            answer = api.get(JobCommands.path(job));
        }
        if (json) {
            output.print(answer);
        } else {
            output.print(JobText.of(answer.path("job")));
        }
        return ExitCode.OK;
    }
}
