package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Goes on with a reset that was cut off: if the backend shows that the driver had finished, and nobody has a claim on
 * the volume, the database follows as it would have; otherwise it is not changed and the operator may run it again.
 */
final class ResetRecovery implements Recovery {
    private final Volumes volumes;
    private final ResetFlow flow;

    @Inject
    ResetRecovery(Volumes volumes, ResetFlow flow) {
        this.volumes = volumes;
        this.flow = flow;
    }

    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        StateRequest request = JsonText.read(row.requestJson(), StateRequest.class);
        Volume.Guard guard = JsonText.read(row.beforeJson(), Volume.Guard.class);
        Optional<Volume> found = find(context, row.subjectId());
        if (found.isEmpty() || !found.get().guard().equals(guard)) {
            entry.settle(
                    JournalEntry.State.SUPERSEDED,
                    "The volume was changed by somebody else meanwhile." + (entry.mayHaveRun(ResetSteps.DRIVER)
                            ? " The driver may have done its part already."
                            : ""));
            return;
        }
        flow.resume(context, entry, found.get(), request, patient);
    }

    private Optional<Volume> find(RequestContext context, String id) {
        try {
            return Optional.of(volumes.show(context, id));
        } catch (ServiceException.NotFound e) {
            return Optional.empty(); // deleted meanwhile: nothing left to settle
        }
    }
}
