package dev.reseat.api.cli;

import dev.reseat.api.rest.json.JournalEntryView;
import dev.reseat.api.rest.json.RestJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat journal}: what was repaired, by whom, why, and how far it got. */
@Command(name = "journal", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Shows "
        + "what was repaired, by whom, why, and how far it got.")
final class JournalCommands {
    private JournalCommands() {}

    static CommandLine all(ConnectionOptions options, Output output) {
        return new CommandLine(new JournalCommands())
                .addSubcommand(new Show(options, output))
                .addSubcommand(new JournalReceipt(options, output));
    }

    /** {@code reseat journal show}. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows the journal of a volume or a block "
            + "device mapping, newest first.")
    static final class Show implements Callable<Integer> {
        private final ConnectionOptions options;
        private final Output output;

        @Parameters(paramLabel = "SUBJECT", description = "id of a volume, or uuid of a block device "
                + "mapping") private String subject;

        @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "most entries; "
                + "${DEFAULT-VALUE}") private int limit;

        @Option(names = Output.JSON_OPTION, description = "print {\"journal\": [...]}") private boolean json;

        Show(ConnectionOptions options, Output output) {
            this.options = options;
            this.output = output;
        }

        @Override
        public Integer call() {
            Map<String, String> query = new LinkedHashMap<>();
            query.put("subject", subject);
            query.put("limit", Integer.toString(limit));
            JsonNode answer;
            try (ApiClient api = options.client()) {
                answer = api.get("/reseat/v1/journal" + ApiClient.query(query));
            }
            if (json) {
                output.print(answer);
            } else if (answer.path("journal").isEmpty()) {
                output.note("nothing is recorded about " + subject);
            } else {
                answer.path("journal")
                        .forEach(entry -> output.print(text(ApiClient.read(entry, JournalEntryView.class))));
            }
            return ExitCode.OK;
        }

        private static String text(JournalEntryView entry) {
            StringJoiner lines = new StringJoiner("\n");
            lines.add(entry.id() + " " + entry.kind() + " " + entry.state());
            lines.add("  by:      " + entry.userId().orElse("-") + ", " + entry.requestId());
            entry.reason().ifPresent(reason -> lines.add("  reason:  " + reason));
            lines.add("  opened:  " + entry.openedAt());
            entry.steps()
                    .forEach(step -> lines.add(
                            "  step:    " + step.at() + " " + step.name() + " " + step.phase() + " "
                                    + RestJson.mapper().writeValueAsString(step.detail())));
            entry.closedAt().ifPresent(at -> lines.add("  closed:  " + at));
            entry.outcome().ifPresent(outcome -> lines.add("  outcome: " + outcome));
            return lines.toString();
        }
    }
}
