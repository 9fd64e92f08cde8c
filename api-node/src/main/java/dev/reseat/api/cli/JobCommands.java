package dev.reseat.api.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code reseat job}: many volumes are repaired, within limits. */
@Command(name = "job", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Repairs "
        + "many volumes: selects and plans them, shows the plan, and carries it out within limits.",
        footer = {
                "",
                "A job is made with @|bold create|@, read with @|bold report|@, begun with @|bold apply|@ and looked"
                        + " at with @|bold watch|@. It goes on without this command: any api-node works on it, and"
                        + " takes over what another one has left."})
final class JobCommands {
    static final String PATH = "/reseat/v1/jobs";
    /** Verbs of the API, which are the commands' names, and what they do. */
    private static final Map<String, String> STEERING = steering();

    private JobCommands() {}

    static CommandLine all(ConnectionOptions options, Output output) {
        CommandLine job = new CommandLine(new JobCommands());
        job.addSubcommand(new JobCreate(options, output))
                .addSubcommand(new JobList(options, output))
                .addSubcommand(new JobShow(options, output))
                .addSubcommand(new JobWatch(options, output))
                .addSubcommand(new JobReport(options, output));
        STEERING.forEach((verb, description) -> {
            CommandLine steer = new CommandLine(new Steer(options, output));
            steer.getCommandSpec().name(verb).usageMessage().description(description);
            job.addSubcommand(verb, steer);
        });
        return job;
    }

    private static Map<String, String> steering() {
        Map<String, String> verbs = new LinkedHashMap<>();
        verbs.put("plan",
                "Asks all sources again, for every item that has not begun.");
        verbs.put("apply",
                "Lets a planned job begin. A plan that is no longer fresh is made again first, and "
                        + "what has changed since is skipped.");
        verbs.put("pause",
                "Lets nothing more begin; what is in flight ends.");
        verbs.put("resume",
                "Goes on with a job that was paused, or that a limit has stopped.");
        verbs.put("cancel",
                "Skips all that has not begun, for good; what is in flight ends.");
        verbs.put("retry-failed",
                "Plans and tries once more what has failed, and what was left because somebody could not be "
                        + "asked.");
        verbs.put("undo",
                "Makes a job that gives the items of this one their status back, as far as that is "
                        + "exactly what was changed; it waits to be applied.");
        return verbs;
    }

    static String path(String id) {
        return PATH + "/" + ApiClient.segment(id);
    }

    /** Changes where a job stands: the verb of the API is the command's name. */
    @Command(mixinStandardHelpOptions = true)
    private static final class Steer implements Callable<Integer> {
        private final ConnectionOptions options;
        private final Output output;

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "JOB", description = "its id") private String job;

        @Option(names = "--reason", paramLabel = "TEXT", description = "why; shown with the "
                + "job") private String reason;

        @Option(names = Output.JSON_OPTION, description = "print {\"job\": {...}}") private boolean json;

        Steer(ConnectionOptions options, Output output) {
            this.options = options;
            this.output = output;
        }

        @Override
        public Integer call() {
            Map<String, Object> body = new LinkedHashMap<>();
            if (reason != null) {
                body.put("reason", reason);
            }
            JsonNode answer;
            try (ApiClient api = options.client()) {
                answer = api.post(path(job) + "/" + spec.name(), body);
            }
            if (json) {
                output.print(answer);
            } else {
                output.print(JobText.of(answer.path("job")));
            }
            return ExitCode.OK;
        }
    }
}
