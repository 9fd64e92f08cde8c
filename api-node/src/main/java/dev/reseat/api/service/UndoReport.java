package dev.reseat.api.service;

import dev.reseat.contract.evidence.Observation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a repair was taken back, or would be.
 *
 * @param entry the journal entry of the repair
 * @param how its inverse
 * @param steps in order
 * @param journal the entry of the way back; empty for a dry run
 * @param observations what the sources said of it, if they had to be asked
 */
public record UndoReport(
        UUID entry, String volumeId, Inverse how, List<String> steps, Optional<UUID> journal,
        List<Observation> observations) {
    public UndoReport {
        steps = List.copyOf(steps);
        observations = List.copyOf(observations);
    }
}
