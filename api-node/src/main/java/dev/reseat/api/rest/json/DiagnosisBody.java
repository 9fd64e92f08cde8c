package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Optional;

/** {@code POST /reseat/v1/diagnoses}: which volumes to look at; several conditions must all hold. */
public record DiagnosisBody(
        List<String> volumes,
        Optional<String> instance,
        Optional<String> host,
        Optional<String> backend,
        Optional<String> project,
        Optional<String> state,
        boolean all,
        Optional<String> after,
        Optional<Integer> limit) {}
