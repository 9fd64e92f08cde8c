package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Goes on with a reset whose driver has reported, or that was cut off: if the report or the backend shows that the
 * driver had finished, and nobody has a claim on the volume, the database follows as it would have; otherwise it is not
 * changed and the operator may run it again.
 */
final class ResetRecovery implements Recovery {
    private static final String CHANGED = "The volume was changed by somebody else meanwhile.";

    private final Volumes volumes;
    private final ResetEvidence sources;
    private final ResetFlow flow;
    private final ComputeClient computes;

    @Inject
    ResetRecovery(Volumes volumes, ResetEvidence sources, ResetFlow flow, ComputeClient computes) {
        this.volumes = volumes;
        this.sources = sources;
        this.flow = flow;
        this.computes = computes;
    }

    /** Before the driver acts: somebody may have taken the volume, or changed it, since its part was cast. */
    @Override
    public void requireStillHolds(RequestContext context, JournalEntry row, String step) {
        Volume volume = find(context, row.subjectId())
                .filter(now -> now.guard().equals(guard(row)))
                .orElseThrow(() -> new ServiceException.Conflict(ErrorCode.CHANGED_MEANWHILE, CHANGED));
        if (ResetPlan.resumed(volume, request(row)).takesAway()) {
            ResetDecision.refuseClaimed(volume, sources.beforeAdmission(context, volume));
        }
    }

    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        Optional<Volume> found = find(context, row.subjectId());
        if (found.isEmpty() || !found.get().guard().equals(guard(row))) {
            boolean mayHaveActed = entry.mayHaveRun(ResetSteps.DRIVER) && !entry.castInVain(ResetSteps.DRIVER);
            entry.settle(
                    JournalEntry.State.SUPERSEDED,
                    CHANGED + (mayHaveActed ? " The driver may have done its part already." : ""));
            return;
        }
        flow.resume(context, entry, found.get(), request(row), patient, computes.repairing());
    }

    private static StateRequest request(JournalEntry row) {
        return JsonText.read(row.requestJson(), StateRequest.class);
    }

    private static Volume.Guard guard(JournalEntry row) {
        return JsonText.read(row.beforeJson(), Volume.Guard.class);
    }

    private Optional<Volume> find(RequestContext context, String id) {
        try {
            return Optional.of(volumes.show(context, id));
        } catch (ServiceException.NotFound e) {
            return Optional.empty(); // deleted meanwhile: nothing left to settle
        }
    }
}
