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

/** {@code reseat findings}: what sweeps over all volumes have found. */
@Command(name = "findings", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Shows "
        + "what sweeps over all volumes have found, and says which of it nobody needs to hear of any more.",
        footer = {
                "",
                "The api-nodes sweep every @|bold [reseat] sweep_interval|@. A finding keeps its id as long as the same"
                        + " volume shows the same pattern. It is confirmed when two sweeps have seen it."})
final class FindingCommands {
    static final String PATH = "/reseat/v1/findings";

    private FindingCommands() {}

    static CommandLine all(ConnectionOptions options, Output output) {
        CommandLine findings = new CommandLine(new FindingCommands());
        findings.addSubcommand(new FindingList(options, output)).addSubcommand(new Show(options, output));
        findings.addSubcommand("ignore", heeding(options, output, "ignore",
                "Neither repairs a finding by policy nor raises an alarm about it any more, also when it goes and"
                        + " comes back."));
        findings.addSubcommand("unignore", heeding(options, output, "unignore", "Heeds a finding again."));
        return findings;
    }

    private static CommandLine heeding(
            ConnectionOptions options, Output output, String verb, String description) {
        CommandLine command = new CommandLine(new Heed(options, output));
        command.getCommandSpec().name(verb).usageMessage().description(description);
        return command;
    }

    private static String path(String id) {
        return PATH + "/" + ApiClient.segment(id);
    }

    /** {@code reseat findings show}. */
    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "Shows one finding, with what it was decided on.")
    private static final class Show implements Callable<Integer> {
        private final ConnectionOptions options;
        private final Output output;

        @Parameters(paramLabel = "FINDING", description = "its id") private String finding;

        @Option(names = Output.JSON_OPTION, description = "print {\"finding\": {...}}") private boolean json;

        Show(ConnectionOptions options, Output output) {
            this.options = options;
            this.output = output;
        }

        @Override
        public Integer call() {
            try (ApiClient api = options.client()) {
                print(output, api.get(path(finding)), json);
            }
            return ExitCode.OK;
        }
    }

    /** The verb of the API is the command's name. */
    @Command(mixinStandardHelpOptions = true)
    private static final class Heed implements Callable<Integer> {
        private final ConnectionOptions options;
        private final Output output;

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "FINDING", description = "its id") private String finding;

        @Option(names = "--reason", paramLabel = "TEXT",
                description = "why; shown with the finding") private String reason;

        @Option(names = Output.JSON_OPTION, description = "print {\"finding\": {...}}") private boolean json;

        Heed(ConnectionOptions options, Output output) {
            this.options = options;
            this.output = output;
        }

        @Override
        public Integer call() {
            Map<String, Object> body = new LinkedHashMap<>();
            if (reason != null) {
                body.put("reason", reason);
            }
            try (ApiClient api = options.client()) {
                print(output, api.post(path(finding) + "/" + spec.name(), body), json);
            }
            return ExitCode.OK;
        }
    }

    private static void print(Output output, JsonNode answer, boolean json) {
        if (json) {
            output.print(answer);
        } else {
            output.print(PrettyTable.ofObject(answer.path("finding")));
        }
    }
}
