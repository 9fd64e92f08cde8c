package dev.reseat.api.cli;

import dev.reseat.api.offline.OfflineDiagnosis;
import dev.reseat.api.rest.json.DiagnosisView;
import dev.reseat.api.rest.json.RestJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code reseat diagnose}: what volumes show, what may be done, and what never. */
@Command(name = "diagnose", mixinStandardHelpOptions = true, description = "Asks Cinder, Nova, guests, hosts and "
        + "storage backends about volumes and says what they show, what may be done, and what must never be done."
        + " Changes nothing without --fix.",
        footer = {
                "",
                "Several selectors must all hold. One that fits nothing selects nothing. With --exit-code: 0 nothing"
                        + " found, 3 something found, 4 not enough evidence or a volume that does not exist. With --fix"
                        + " they are those of reseat repair, and 8 if you say no."})
final class Diagnose implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FOUND = 3;
    private static final int NOT_ENOUGH = 4;

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(arity = "0..*", paramLabel = "VOLUME", description = "id or name") private List<String> volumes =
            List.of();

    @Mixin private VolumeSelection selection;

    @Option(names = "--explain", description = "also every single answer, how it was asked for, and the facts that "
            + "were decided on") private boolean explain;

    @Option(names = "--exit-code", description = "say by the exit code what was found") private boolean exitCode;

    @Option(names = "--offline", paramLabel = "DIR", description = "judge a folder instead of asking a server: what "
            + "reseat collect has written, or cinder.sql and nova.sql of pg_dump or mysqldump") private Path offline;

    @Option(names = "--fix", description = "say what would be done for each volume and whether it can be undone, ask,"
            + " and do it if the volume still shows the same") private boolean fix;

    @Option(names = "--dry-run", description = "with --fix: end before anything is changed") private boolean dryRun;

    @Option(names = "--yes", description = "with --fix: do not ask") private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", description = "with --fix: why; recorded in the "
            + "journal") private String reason;

    @Option(names = "--receipt", paramLabel = "FILE", description = "with --fix of one volume: write the signed account"
            + " of what was seen and done there, for its owner alone; see reseat receipt") private Path receipt;

    @Option(names = Output.JSON_OPTION, description = "print {\"diagnoses\": [...], \"missing\": [...]}; with --fix "
            + "also \"volumes\": [...], one report or error for each") private boolean json;

    Diagnose(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        selection.requireAny(volumes);
        checkFix();
        if (offline != null) {
            return judge(offline);
        }
        ArrayNode diagnoses = JSON.createArrayNode();
        ArrayNode missing = JSON.createArrayNode();
        List<DiagnosisView> views = new ArrayList<>();
        try (ApiClient api = options.client()) {
            List<String> ids = volumes.stream().map(name -> VolumeName.id(api, name)).toList();
            Optional<String> after = Optional.empty();
            do {
                JsonNode page = api.post("/reseat/v1/diagnoses", selection.body(ids, after));
                for (JsonNode one : page.path("diagnoses")) {
                    diagnoses.add(one);
                    DiagnosisView view = ApiClient.read(one, DiagnosisView.class);
                    views.add(view);
                    if (!json) {
                        output.print(DiagnosisText.of(view, explain));
                    }
                }
                page.path("missing").forEach(missing::add);
                after = Optional.of(page.path("next").asString("")).filter(next -> !next.isEmpty());
            } while (after.isPresent());
            ArrayNode repairs = JSON.createArrayNode();
            int fixed = fix
                    ? new Fix(api, output, json, Optional.ofNullable(reason), Optional.ofNullable(receipt))
                            .run(views, dryRun, yes, repairs)
                    : ExitCode.OK;
            finish(diagnoses, missing, repairs);
            return fix ? fixed : code(views, missing);
        }
    }

    /** Of a folder: nobody is asked. */
    private int judge(Path folder) {
        List<DiagnosisView> views;
        try {
            views = OfflineDiagnosis.of(folder, selection.request(), volumes);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageError(folder + " cannot be diagnosed: " + e.getMessage());
        }
        ArrayNode diagnoses = JSON.createArrayNode();
        ArrayNode missing = JSON.createArrayNode();
        views.forEach(view -> diagnoses.add(RestJson.mapper().<JsonNode>valueToTree(view)));
        volumes.stream()
                .filter(name -> views.stream()
                        .noneMatch(view -> view.volumeId().equals(name) || view.name().equals(Optional.of(name))))
                .forEach(missing::add);
        if (!json) {
            views.forEach(view -> output.print(DiagnosisText.of(view, explain)));
        }
        finish(diagnoses, missing, JSON.createArrayNode());
        return code(views, missing);
    }

    private void checkFix() {
        if (fix && offline != null) {
            throw new UsageError("--fix needs the cloud itself, not --offline");
        }
        if (!fix && (dryRun || yes || reason != null || receipt != null)) {
            throw new UsageError("--dry-run, --yes, --reason and --receipt go with --fix");
        }
        if (dryRun && receipt != null) {
            throw new UsageError(ReceiptFile.NOT_DRY);
        }
        if (fix && exitCode) {
            throw new UsageError("--exit-code goes without --fix, which has exit codes of its own");
        }
        if (fix && json && !dryRun && !yes) {
            throw new UsageError("--fix with --json asks nobody: give --yes or --dry-run");
        }
    }

    private void finish(ArrayNode diagnoses, ArrayNode missing, ArrayNode repairs) {
        if (json) {
            ObjectNode document = JSON.createObjectNode();
            document.set("diagnoses", diagnoses);
            document.set("missing", missing);
            if (fix) {
                document.set("volumes", repairs);
            }
            output.print(document);
            return;
        }
        missing.forEach(id -> output.note("no volume " + id.asString() + " fits"));
        if (diagnoses.isEmpty()) {
            output.note("no volume was selected, so nobody was asked");
        }
    }

    private int code(List<DiagnosisView> views, ArrayNode missing) {
        if (!exitCode) {
            return ExitCode.OK;
        }
        if (views.stream().anyMatch(view -> view.verdict().equals("pattern") || view.verdict().equals("unlisted"))) {
            return FOUND;
        }
        return views.stream().allMatch(view -> view.verdict().equals("normal")) && missing.isEmpty()
                ? ExitCode.OK
                : NOT_ENOUGH;
    }
}
