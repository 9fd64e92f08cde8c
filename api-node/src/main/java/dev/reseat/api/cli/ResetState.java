package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ResetBody;
import dev.reseat.api.rest.json.ResetView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reseat volume reset-state}: has no default state, the operator must say it. */
@Command(name = "reset-state", mixinStandardHelpOptions = true, description = "Resets the state of volumes: the "
        + "storage driver first, the database only after it has answered.",
        footer = {
                "",
                "Without --force a volume that somebody still uses, or may use, is left as it is. Several volumes are"
                        + " done one after the other; the exit code is the one that all failures share, 9 if an"
                        + " outcome is unknown, or else 1."})
final class ResetState implements Callable<Integer> {
    private static final List<String> GRADES = List.of("ignore-driver-error", "skip-driver", "accept-unknown");

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(arity = "1..*", paramLabel = "VOLUME", description = "id or name") private List<String> volumes;

    @Option(names = "--state", paramLabel = "STATE", description = "the status to set, such as available or "
            + "in-use") private String state;

    @Option(names = "--attach-status", paramLabel = "STATUS", description = "attached or detached; detached removes "
            + "all attachments") private String attachStatus;

    @Option(names = "--reset-migration-status",
            description = "forget a migration") private boolean resetMigrationStatus;

    @Option(names = "--force", paramLabel = "GRADE", completionCandidates = Grades.class, description = "overrule one "
            + "thing, repeatable, needs --reason. @|bold ignore-driver-error|@: go on although"
            + " the driver failed or cannot. @|bold skip-driver|@: do not ask it. @|bold accept-unknown|@: take"
            + " \"cannot see whether it is used\" as a no") private List<String> force = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "why; recorded in the "
            + "journal") private String reason;

    @Option(names = "--dry-run", description = "ask every source, say what would be done, change "
            + "nothing") private boolean dryRun;

    @Option(names = "--receipt", paramLabel = "FILE", description = "write the signed account of what was seen and "
            + "done there, for its owner alone; see reseat receipt") private Path receipt;

    @Option(names = Output.JSON_OPTION, description = "print {\"volumes\": [...]}, one report or error for "
            + "each") private boolean json;

    ResetState(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        return new VolumeRequests(options, output, json, receipt()).post(
                volumes, "reset", body(),
                (volume, answer) -> ResetText.of(volume, ApiClient.read(answer, ResetView.class), dryRun));
    }

    private Optional<Path> receipt() {
        if (dryRun && receipt != null) {
            throw new UsageError("--receipt goes without --dry-run, which does nothing");
        }
        return Optional.ofNullable(receipt);
    }

    /** @throws UsageError if it is not said what to set, or a force has no reason */
    private ResetBody body() {
        if (state == null && attachStatus == null && !resetMigrationStatus) {
            throw new UsageError("say what to set: --state STATE, --attach-status STATUS or --reset-migration-status;"
                    + " there is no default state");
        }
        for (String grade : force) {
            if (!GRADES.contains(grade)) {
                throw new UsageError("--force is one of " + String.join(", ", GRADES) + ", not '" + grade + "'");
            }
        }
        if (!force.isEmpty() && (reason == null || reason.isBlank())) {
            throw new UsageError("--force needs --reason TEXT, which is recorded");
        }
        return new ResetBody(
                Optional.ofNullable(state),
                Optional.ofNullable(attachStatus),
                resetMigrationStatus ? Optional.of("none") : Optional.empty(),
                force,
                Optional.ofNullable(reason),
                dryRun);
    }

    /** For shell completion. */
    static final class Grades extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Grades() {
            super(GRADES);
        }
    }
}
