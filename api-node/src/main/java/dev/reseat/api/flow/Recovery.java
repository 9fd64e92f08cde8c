package dev.reseat.api.flow;

import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;

/** How one kind of repair is settled after it was cut off. */
public interface Recovery {
    /**
     * Finds out what has become of the repair, and goes on with it or takes it back. Repeatable: an entry that is left
     * unsettled comes again.
     *
     * @param patient whether a peer that cannot be asked may still be waited for
     */
    void settle(RequestContext context, Journal.Entry entry, JournalEntry row, boolean patient);

    /**
     * Returns if what a step of this repair needs still holds: asked again when the worker that it was cast to is about
     * to act.
     *
     * @throws dev.reseat.api.flow.ServiceException if it does not; nothing was done
     */
    default void requireStillHolds(RequestContext context, JournalEntry row, String step) {
        // a repair whose steps need nothing that others could change
    }
}
