package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.rpc.RequestContext;

/**
 * Settles a fence that was cut off, or that was not answered. It is not repeated: whoever was to be kept out may be
 * wanted by now. Nor can it be asked for: a backend shows who is at a volume, and not whom it keeps out of all of them.
 * So it stays unknown until a person has it done again, or nobody waits for it any more.
 */
final class FenceRecovery implements Recovery {
    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        String client = JsonText.read(row.requestJson(), FenceRequest.class).client().address();
        String doubt = "The backend may keep " + client + " out, or not. Look there, or run it again.";
        if (!entry.mayHaveRun(FenceClient.METHOD)) {
            entry.settle(JournalEntry.State.UNDONE, "Cut off before " + client + " was kept out. Run it again.");
        } else if (patient) {
            entry.leaveUnknown(doubt);
        } else {
            entry.settle(JournalEntry.State.FAILED, "Given up: " + doubt);
        }
    }
}
