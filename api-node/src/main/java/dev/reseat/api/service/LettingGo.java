package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Judgement;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The proof that guests and hosts have let a volume go: only a no of both lets rows follow. */
final class LettingGo {
    private static final Set<Source> LET_GO = EnumSet.of(Source.GUEST, Source.HOST);

    private final StillThere rows;
    private final Diagnosis diagnosis;
    private final ComputeClient computes;

    @Inject
    LettingGo(StillThere rows, Diagnosis diagnosis, ComputeClient computes) {
        this.rows = rows;
        this.diagnosis = diagnosis;
        this.computes = computes;
    }

    /**
     * Asks every host that a row names, or that had the volume last. A mapping of Nova's is no sign of use here.
     *
     * @return what was said, for the journal
     * @throws ServiceException.Failed if somebody has it still; Unknown if nobody can say that nobody has
     */
    Map<String, Object> prove(RequestContext context, String volumeId, Deadline deadline) {
        Volume volume = rows.now(context, volumeId);
        List<Observation> said = diagnosis
                .withoutBackend(context, volume, computes.probing(deadline), "its host is asked")
                .evidence()
                .observations()
                .stream()
                .filter(seen -> LET_GO.contains(seen.source()))
                .toList();
        switch (new Evidence(said).judge(LET_GO)) {
            case Judgement.Free _ -> {
                // both have let go
            }
            case Judgement.Claimed claimed -> throw new ServiceException.Failed(
                    "Volume " + volume.id() + " was taken off its host, and is still there: "
                            + claimed.by().getFirst().excerpt() + ". No row was changed.",
                    "reseat diagnose " + volume.id(), null);
            case Judgement.Unknown unknown -> throw new ServiceException.Unknown(
                    "It cannot be told whether volume " + volume.id() + " is off its host: " + unknown.text()
                            + ". No row was changed.",
                    "reseat journal show " + volume.id(), null);
        }
        return Map.of("observations", said);
    }
}
