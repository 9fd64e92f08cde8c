package dev.reseat.api.service;

import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.model.Volume;
import dev.reseat.contract.evidence.Observation;
import java.util.List;
import java.util.Optional;

/**
 * What one volume shows.
 *
 * @param command what the operator types next; empty if there is nothing to do
 */
public record VolumeDiagnosis(
        Volume volume, VolumeFacts facts, Verdict verdict, List<Observation> observations, Optional<String> command) {
    public VolumeDiagnosis {
        observations = List.copyOf(observations);
    }
}
