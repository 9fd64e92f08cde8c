package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;

/** Settles a {@link Remedy} that was cut off, or of which a step's outcome is not known. */
final class RemedyRecovery implements Recovery {
    private static final System.Logger LOG = System.getLogger(RemedyRecovery.class.getName());

    private final Remedies remedies;
    private final ComputeClient computes;

    @Inject
    RemedyRecovery(Remedies remedies, ComputeClient computes) {
        this.remedies = remedies;
        this.computes = computes;
    }

    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        RemedyOrder order = JsonText.read(row.requestJson(), RemedyOrder.class);
        try {
            remedies.resume(context, entry, order, computes.repairing());
        } catch (ServiceException.Unknown e) {
            if (!patient) {
                entry.settle(JournalEntry.State.FAILED, "Given up: " + e.getMessage());
            }
        } catch (ServiceException settled) { // with its outcome, which the journal tells
            LOG.log(System.Logger.Level.INFO, "{0} of {1}: {2}", order.repair(), row.subjectId(), settled.getMessage());
        }
    }
}
