package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.BackendAnswer;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.service.diagnosis.Diagnosis.Diagnosed;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which sources a reset asks, and when. Each method returns by the reset's deadline. */
final class ResetEvidence {
    private final Diagnosis diagnosis;
    private final ComputeClient computes;

    @Inject
    ResetEvidence(Diagnosis diagnosis, ComputeClient computes) {
        this.diagnosis = diagnosis;
        this.computes = computes;
    }

    /** Before the decision: all of them; none if the status asks nothing of the backend. */
    Diagnosed collect(RequestContext context, VolumeRows rows, StateRequest request, Deadline reset) {
        if (ResetRules.shape(rows.volume(), request).isEmpty()) {
            return new Diagnosed(
                    Evidence.NONE,
                    new BackendAnswer.NotAsked("the status asks nothing of the backend"),
                    NovaRecords.NONE);
        }
        var inquiry = new Inquiry(context, rows.volume(), rows.nova(), computes.probing(reset));
        return request.force().contains(Force.SKIP_DRIVER)
                ? diagnosis.withoutBackend(inquiry, "skip-driver")
                : diagnosis.of(inquiry);
    }

    /** The rows of these volumes, read at once. */
    List<VolumeRows> rows(List<Volume> volumes) {
        Map<String, NovaRecords> nova = diagnosis.nova(volumes);
        return volumes.stream().map(volume -> new VolumeRows(volume, nova.get(volume.id()))).toList();
    }

    /** After the driver's part: the rows; the hosts too if they have to prove what the driver has not. */
    Diagnosed again(RequestContext context, Volume volume, DriverOutcome outcome, Deadline reset) {
        return proving(outcome).contains(Source.HOST)
                ? diagnosis.withoutBackend(context, volume, computes.probing(reset), "it proves nothing")
                : diagnosis.rows(context, volume);
    }

    /** Whose NO proves then that the volume is free: all have said so before, and most of it was a moment ago. */
    Set<Source> proving(DriverOutcome outcome) {
        return outcome.acted() && !outcome.proves() ? ResetDecision.REQUIRED : EnumSet.of(Source.NOVA);
    }

    /** What a cut-off reset is judged by. */
    Diagnosed afterCrash(RequestContext context, Volume volume, Deadline reset) {
        return diagnosis.of(context, volume, computes.probing(reset));
    }

    /** After the driver's report, which took its time: who may have taken the volume meanwhile, rows and hosts. */
    Diagnosed afterReport(RequestContext context, Volume volume, Deadline reset) {
        return diagnosis.withoutBackend(context, volume, computes.probing(reset), "its driver has reported");
    }

    /** The rows alone, when a driver is about to act on what was decided a while ago. */
    Diagnosed beforeAdmission(RequestContext context, Volume volume) {
        return diagnosis.rows(context, volume);
    }
}
