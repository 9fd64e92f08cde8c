package dev.reseat.api.service;

import dev.reseat.api.evidence.DecisionRow;
import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.model.Volume;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.contract.state.DiagnoseCall;
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

    /** Whether there is not enough evidence to say what it shows. */
    public boolean isUnknown() {
        return verdict.kind() == Verdict.Kind.UNKNOWN;
    }

    /** For whoever has asked. */
    public DiagnoseCall.Found found() {
        DecisionRow row = verdict.row();
        return new DiagnoseCall.Found(
                volume.id(),
                volume.status(),
                row.id(),
                row.name(),
                verdict.kind().text(),
                row.reading(),
                row.safe(),
                verdict.repair().text(),
                verdict.automatic(),
                row.never(),
                command,
                verdict.silent().stream().sorted().map(Source::text).toList(),
                verdict.mayBe(),
                facts.texts());
    }
}
