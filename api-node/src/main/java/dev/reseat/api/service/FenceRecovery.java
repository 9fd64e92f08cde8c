package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Recovery;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.rpc.RequestContext;

/** Settles a fence that was cut off. It is not repeated: whoever was to be kept out may be wanted by now. */
final class FenceRecovery implements Recovery {
    @Override
    public void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient) {
        String client = JsonText.read(row.requestJson(), FenceRequest.class).client().address();
        if (entry.mayHaveRun(FenceClient.METHOD)) {
            entry.settle(
                    JournalEntry.State.FAILED,
                    "Cut off: the backend may keep " + client + " out, or not. Look there, or run it again.");
        } else {
            entry.settle(JournalEntry.State.UNDONE, "Cut off before " + client + " was kept out. Run it again.");
        }
    }
}
