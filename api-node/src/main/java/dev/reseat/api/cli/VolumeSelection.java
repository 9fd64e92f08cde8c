package dev.reseat.api.cli;

import dev.reseat.api.rest.json.DiagnosisBody;
import dev.reseat.api.service.DiagnosisRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which volumes, beside their names: several selectors must all hold. */
final class VolumeSelection {
    @Option(names = "--instance", paramLabel = "UUID", description = "volumes of that server") private String instance;

    @Option(names = "--host", paramLabel = "HOST", description = "volumes attached to that compute host, or to a "
            + "server on it") private String host;

    @Option(names = "--backend", paramLabel = "HOST@BACKEND",
            description = "volumes kept there") private String backend;

    @Option(names = "--project", paramLabel = "ID", description = "volumes of that project") private String project;

    @Option(names = "--state", paramLabel = "STATE", description = "volumes in that state") private String state;

    @Option(names = "--all", description = "every volume") private boolean all;

    /** @throws UsageError if nothing is said at all */
    void requireAny(List<String> volumes) {
        if (volumes.isEmpty() && !all
                && Stream.of(instance, host, backend, project, state).allMatch(selector -> selector == null)) {
            throw new UsageError("say which volumes: VOLUME..., --instance, --host, --backend, --project, --state or"
                    + " --all");
        }
        if (instance != null && !VolumeName.isId(instance)) {
            throw new UsageError("--instance '" + instance + "' is no id of a server");
        }
    }

    /** What the server is asked, page after page. */
    DiagnosisBody body(List<String> ids, Optional<String> after) {
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

    /** The same without volumes, for what is judged here. @throws UsageError if a selector is blank */
    DiagnosisRequest request() {
        if (Stream.of(instance, host, backend, project, state).anyMatch(one -> one != null && one.isBlank())) {
            throw new UsageError("a selector is blank; it selects nothing");
        }
        return new DiagnosisRequest(
                List.of(),
                Optional.ofNullable(instance),
                Optional.ofNullable(host),
                Optional.ofNullable(backend),
                Optional.ofNullable(project),
                Optional.ofNullable(state),
                Stream.of(instance, host, backend, project, state).allMatch(selector -> selector == null),
                Optional.empty(),
                DiagnosisRequest.MOST);
    }
}
