package dev.reseat.api.cli;

import dev.reseat.api.rest.json.DiagnosisBody;
import dev.reseat.api.rest.json.DiagnosisView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code reseat diagnose}: what volumes show, what may be done, and what never. */
@Command(name = "diagnose", mixinStandardHelpOptions = true, description = "Asks Cinder, Nova, guests, hosts and "
        + "storage backends about volumes and says what they show, what may be done, and what must never be done."
        + " Changes nothing.",
        footer = {
                "",
                "Several selectors must all hold. One that fits nothing selects nothing. With --exit-code: 0 nothing"
                        + " found, 3 something found, 4 not enough evidence or a volume that does not exist."})
final class Diagnose implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FOUND = 3;
    private static final int NOT_ENOUGH = 4;

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(arity = "0..*", paramLabel = "VOLUME", description = "id or name") private List<String> volumes =
            List.of();

    @Option(names = "--instance", paramLabel = "UUID", description = "volumes of that server") private String instance;

    @Option(names = "--host", paramLabel = "HOST", description = "volumes attached to that compute host, or to a "
            + "server on it") private String host;

    @Option(names = "--backend", paramLabel = "HOST@BACKEND",
            description = "volumes kept there") private String backend;

    @Option(names = "--project", paramLabel = "ID", description = "volumes of that project") private String project;

    @Option(names = "--state", paramLabel = "STATE", description = "volumes in that state") private String state;

    @Option(names = "--all", description = "every volume") private boolean all;

    @Option(names = "--explain", description = "also every single answer, how it was asked for, and the facts that "
            + "were decided on") private boolean explain;

    @Option(names = "--exit-code", description = "say by the exit code what was found") private boolean exitCode;

    @Option(names = Output.JSON_OPTION,
            description = "print {\"diagnoses\": [...], \"missing\": [...]}") private boolean json;

    Diagnose(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() {
        if (volumes.isEmpty() && !all
                && Stream.of(instance, host, backend, project, state).allMatch(selector -> selector == null)) {
            throw new UsageError("say which volumes: VOLUME..., --instance, --host, --backend, --project, --state or"
                    + " --all");
        }
        ArrayNode diagnoses = JSON.createArrayNode();
        ArrayNode missing = JSON.createArrayNode();
        List<DiagnosisView> views = new ArrayList<>();
        try (ApiClient api = options.client()) {
            List<String> ids = volumes.stream().map(name -> VolumeName.id(api, name)).toList();
            Optional<String> after = Optional.empty();
            do {
                JsonNode page = api.post("/reseat/v1/diagnoses", body(ids, after));
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
        }
        finish(diagnoses, missing);
        return code(views, missing);
    }

    private void finish(ArrayNode diagnoses, ArrayNode missing) {
        if (json) {
            ObjectNode document = JSON.createObjectNode();
            document.set("diagnoses", diagnoses);
            document.set("missing", missing);
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

    private DiagnosisBody body(List<String> ids, Optional<String> after) {
        return new DiagnosisBody(
                ids,
                Optional.ofNullable(instance),
                Optional.ofNullable(host),
                Optional.ofNullable(backend),
                Optional.ofNullable(project),
                Optional.ofNullable(state),
                all,
                after,
                Optional.empty());
    }
}
