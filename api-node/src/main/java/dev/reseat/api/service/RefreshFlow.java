package dev.reseat.api.service;

import dev.reseat.api.flow.Advance;
import dev.reseat.api.flow.FlowRunner;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;

/**
 * A refresh from its first step to a settled journal entry. "Everything is as it was" is said only of what was read
 * back: the rows, and once the host has been told to let go, host and backend too.
 */
final class RefreshFlow {
    private final FlowRunner runner;
    private final RefreshSteps steps;

    @Inject
    RefreshFlow(FlowRunner runner, RefreshSteps steps) {
        this.runner = runner;
        this.steps = steps;
    }

    /**
     * Goes to the end, or back to what is safe.
     *
     * @param deadline of every call that is made for it
     * @return what was done, in order, and by whom; if a step was cast, that far, and its report carries the refresh on
     * @throws ServiceException.Unknown with the entry left to the reconciler; any other with it settled as undone or
     *     failed
     */
    List<RefreshReport.Step> run(
            RequestContext context, Journal.Entry entry, RefreshPlan plan, Deadline deadline) {
        try {
            return run(steps.of(context, entry, plan, deadline), plan);
        } catch (NotOwner e) {
            throw new ServiceException.Unknown(e.getMessage(), next(plan), e);
        } catch (StoreException e) {
            throw new ServiceException.Unknown(
                    "The database failed while the refresh was under way; it is gone on with, or taken back: "
                            + e.getMessage(),
                    next(plan), e);
        }
    }

    /**
     * As {@link #run}, for an entry that was cut off. If it had not begun to take the old connection off, it is undone;
     * what cannot be taken back yet is tried again.
     */
    void resume(RequestContext context, Journal.Entry entry, RefreshPlan plan, Deadline deadline) {
        if (entry.mayHaveRun(RefreshSteps.REMOVE)) {
            run(context, entry, plan, deadline);
        } else {
            back(steps.of(context, entry, plan, deadline), plan,
                    new ServiceException.Failed("Cut off before the old connection was touched.", null, null), false);
        }
    }

    /** Gives up on a refresh whose peers cannot be asked any more: back to what is safe without them. */
    void abandon(
            RequestContext context, Journal.Entry entry, RefreshPlan plan, String why, Deadline deadline) {
        back(steps.of(context, entry, plan, deadline), plan, new ServiceException.Failed(why, null, null), true);
    }

    private List<RefreshReport.Step> run(RefreshSteps.Run run, RefreshPlan plan) {
        try {
            Advance progress = runner.advance(run.entry(), run.steps());
            if (progress instanceof Advance.Finished(List<String> done)) {
                run.entry().settle(JournalEntry.State.DONE, "refreshed: " + String.join(", ", done));
            }
            return run.of(progress.done());
        } catch (ServiceException.Unknown e) {
            throw unknown(run, e);
        } catch (ServiceException e) {
            throw ended(run, plan, e);
        }
    }

    private static ServiceException unknown(RefreshSteps.Run run, ServiceException.Unknown failure) {
        try {
            run.entry().leaveUnknown(failure.getMessage());
        } catch (StoreException e) {
            failure.addSuppressed(e); // the entry stays open, which comes to the same
        }
        return failure;
    }

    /**
     * A database that fails now never hides why the way forward ended; the entry stays open, and so is gone on with.
     */
    private ServiceException ended(RefreshSteps.Run run, RefreshPlan plan, ServiceException failure) {
        try {
            return goesOn(run, failure) ? leaveForward(run, plan, failure) : back(run, plan, failure, false);
        } catch (StoreException e) {
            failure.addSuppressed(e);
            return new ServiceException.Unknown(
                    failure.getMessage() + " What is left of it cannot be read now: " + e.getMessage(), next(plan),
                    failure);
        }
    }

    /**
     * Whether what fails is better repeated than taken back: the host has let go already, and it was not a precondition
     * that failed, which would fail again. Once the old attachment is gone, nothing leads back to it: who is only away
     * is waited for.
     */
    private static boolean goesOn(RefreshSteps.Run run, ServiceException failure) {
        if (!run.entry().mayHaveRun(RefreshSteps.REMOVE)) {
            return false;
        }
        if (!run.rows().keepsOld()) {
            return failure instanceof ServiceException.Unavailable;
        }
        return (failure instanceof ServiceException.Failed || failure instanceof ServiceException.Unavailable)
                && run.hasLetGo();
    }

    private static ServiceException leaveForward(RefreshSteps.Run run, RefreshPlan plan, ServiceException failure) {
        String why = failure.getMessage() + " The host has let go of the volume already, attachment "
                + String.join(", ", plan.oldAttachments()) + (run.rows().keepsOld() ? " is still there" : " is gone")
                + ". It is gone on with.";
        run.entry().leaveUnknown(why);
        return new ServiceException.Unknown(why, next(plan), failure);
    }

    /** @param last whether nobody will try again: what could not be taken back is then told, not repeated */
    private ServiceException back(RefreshSteps.Run run, RefreshPlan plan, ServiceException failure, boolean last) {
        boolean all = runner.back(run.entry(), run.backward(failure), failure);
        if (!all && !last) {
            String why = failure.getMessage() + " Not all of it could be taken back yet: " + problems(failure);
            run.entry().leaveUnknown(why);
            return new ServiceException.Unknown(why, next(plan), failure);
        }
        return settled(run, plan, failure, all);
    }

    private static ServiceException settled(
            RefreshSteps.Run run, RefreshPlan plan, ServiceException failure, boolean all) {
        RefreshLeft left = run.left();
        boolean undone = all && left.isAsBefore();
        String outcome = failure.getMessage() + " " + left.text() + (all ? "" : " " + problems(failure));
        run.entry().settle(undone ? JournalEntry.State.UNDONE : JournalEntry.State.FAILED, outcome);
        return undone
                ? failure
                : new ServiceException.Failed(
                        ErrorCode.NOT_AS_BEFORE, outcome, "reseat bdm refresh " + plan.bdmUuid(), failure);
    }

    private static String problems(ServiceException failure) {
        return List.of(failure.getSuppressed()).stream().map(Throwable::getMessage).toList().toString();
    }

    private static String next(RefreshPlan plan) {
        return "reseat journal show " + plan.volumeId();
    }
}
