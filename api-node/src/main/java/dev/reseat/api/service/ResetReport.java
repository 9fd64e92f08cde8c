package dev.reseat.api.service;

import dev.reseat.contract.evidence.Observation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a reset found and did, or would do.
 *
 * @param journal the journal entry; empty for a dry run
 * @param after empty for a dry run, and for a reset that waits for its driver's report
 * @param observations what every source said, before and after
 * @param plan what was decided on them
 */
public record ResetReport(
        String volumeId,
        Optional<UUID> journal,
        State before,
        Optional<State> after,
        DriverOutcome driver,
        List<Observation> observations,
        ResetPlan plan) {
    public ResetReport {
        observations = List.copyOf(observations);
    }

    /** Whether the reset goes on when its driver has reported; its end will be in the journal. */
    public boolean awaitsReport() {
        return driver instanceof DriverOutcome.Sent;
    }

    /** The columns a reset may change. */
    public record State(
            String status, Optional<String> attachStatus, Optional<String> migrationStatus, int attachments) {}
}
