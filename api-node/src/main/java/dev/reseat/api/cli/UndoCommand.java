package dev.reseat.api.cli;

import dev.reseat.api.rest.json.UndoBody;
import dev.reseat.api.rest.json.UndoView;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat undo}: one repair is taken back, by what the journal keeps of the state before it. */
@Command(name = "undo", mixinStandardHelpOptions = true, description = "Takes one repair back, if that is exactly "
        + "possible and the volume is as the repair has left it. Plans say so before a repair is applied.",
        footer = {
                "",
                "The way back is a repair too: it is journalled, and asks again whom it concerns. Of a whole job,"
                        + " @|bold reseat job undo|@ makes a job of such ways back."})
final class UndoCommand implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "JOURNAL_ID", description = "of the repair, as its report and reseat journal show "
            + "say") private String entry;

    @Option(names = "--dry-run", description = "say what would be done, change nothing") private boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded in the "
            + "journal") private String reason;

    @Option(names = Output.JSON_OPTION, description = "print {\"undo\": {...}}") private boolean json;

    UndoCommand(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        JsonNode answer;
        try (ApiClient api = options.client()) {
            answer = api.post(
                    "/reseat/v1/journal/" + ApiClient.segment(entry) + "/undo",
                    new UndoBody(dryRun, Optional.ofNullable(reason)));
        }
        if (json) {
            output.print(answer);
        } else {
            output.print(text(ApiClient.read(answer.path("undo"), UndoView.class)));
        }
        return ExitCode.OK;
    }

    private String text(UndoView view) {
        StringJoiner text = new StringJoiner("\n");
        text.add("journal entry " + view.entry() + " of volume " + view.volumeId()
                + (dryRun ? ": would be undone" : ": undone"));
        text.add("  by:      " + view.how());
        view.steps().forEach(step -> text.add((dryRun ? "  would:   " : "  done:    ") + step));
        view.journal().ifPresent(journal -> text.add("  journal: " + journal));
        return text.toString();
    }
}
