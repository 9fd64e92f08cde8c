package dev.reseat.api.service;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a repair did, or would do.
 *
 * @param before what it was decided on
 * @param steps in order
 * @param inverse how it is taken back; empty where nothing is done
 * @param journal empty for a dry run, and where nothing had to be done
 * @param after what the volume shows now; empty if it was not looked at again
 */
public record RepairReport(
        VolumeDiagnosis before, List<String> steps, Optional<Inverse> inverse, Optional<UUID> journal,
        Optional<VolumeDiagnosis> after) {
    public RepairReport {
        steps = List.copyOf(steps);
    }
}
