package dev.reseat.api.cli;

import dev.reseat.api.rest.json.RepairBody;
import dev.reseat.api.rest.json.RepairView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reseat repair}: what the decision table calls safe, if it is something that the program does. */
@Command(name = "repair", mixinStandardHelpOptions = true, description = "Diagnoses volumes and does what is safe for "
        + "what they show. What a person has to decide is refused, with what was seen and the next command.",
        footer = {
                "",
                "Several volumes are done one after the other; the exit code is the one that all failures share, 9 if"
                        + " an outcome is unknown, or else 1."})
final class RepairCommand implements Callable<Integer> {
    private final ConnectionOptions options;
    private final Output output;

    @Parameters(arity = "1..*", paramLabel = "VOLUME", description = "id or name") private List<String> volumes;

    @Option(names = "--dry-run", description = "ask every source, say what would be done, change "
            + "nothing") private boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded in the "
            + "journal") private String reason;

    @Option(names = "--receipt", paramLabel = "FILE", description = "write the signed account of what was seen and "
            + "done there, for its owner alone; see reseat receipt") private Path receipt;

    @Option(names = Output.JSON_OPTION, description = "print {\"volumes\": [...]}, one report or error for "
            + "each") private boolean json;

    RepairCommand(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        return new VolumeRequests(options, output, json, receipt()).post(
                volumes, "repair", new RepairBody(dryRun, Optional.ofNullable(reason), Optional.empty()),
                (volume, answer) -> RepairText.of(volume, ApiClient.read(answer, RepairView.class), dryRun));
    }

    private Optional<Path> receipt() {
        if (dryRun && receipt != null) {
            throw new UsageError(ReceiptFile.NOT_DRY);
        }
        return Optional.ofNullable(receipt);
    }
}
