package dev.reseat.api.rest.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Optional;

/**
 * What {@code POST /reseat/v1/volumes/{id}/reset} takes. At least one of the first three is needed.
 *
 * @param force names of grades: {@code ignore-driver-error}, {@code skip-driver}, {@code accept-unknown}
 * @param reason needed with force
 * @param dryRun only look, change nothing
 */
@JsonInclude(Include.NON_EMPTY)
public record ResetBody(
        Optional<String> status,
        Optional<String> attachStatus,
        Optional<String> migrationStatus,
        List<String> force,
        Optional<String> reason,
        @JsonInclude(Include.NON_DEFAULT) boolean dryRun) {}
