package dev.reseat.api.service;

import dev.reseat.api.flow.Advance;
import dev.reseat.api.flow.FlowRunner;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Volume;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * A decided reset from its first step to a settled journal entry. There is no way back: what the driver has taken down
 * stays down, and "undone" is said only where it has not begun.
 */
final class ResetFlow {
    private final FlowRunner runner;
    private final ResetSteps steps;

    @Inject
    ResetFlow(FlowRunner runner, ResetSteps steps) {
        this.runner = runner;
        this.steps = steps;
    }

    /**
     * Goes to the end, or tells where it stopped.
     *
     * @param deadline of every call that is made for it
     * @return what was done; if the driver's part was cast, that far, and its report carries the reset on
     * @throws ServiceException.Unknown with the entry left to the reconciler; any other with it settled
     */
    ResetSteps.Run run(
            RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, ResetPlan plan,
            Deadline deadline) {
        ResetSteps.Run run = steps.of(context, entry, volume, request, plan, deadline);
        return through(run, entry, volume, () -> runner.advance(entry, run.steps()));
    }

    /** Whether the driver's part, the first step, is cast, and there is somebody now who takes it so. */
    boolean casts(Volume volume, StateRequest request, ResetPlan plan) {
        return switch (request.waiting()) {
            case FOR_ANSWER -> false;
            case FOR_REPORT -> steps.canCast(volume, plan);
        };
    }

    /** How long the report may take then. */
    Duration reportTimeout() {
        return steps.reportTimeout();
    }

    /** As {@link #run}, for an entry that was opened with the driver's part as a step that is cast. */
    ResetSteps.Run cast(
            RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, ResetPlan plan,
            Deadline deadline) {
        ResetSteps.Run run = steps.of(context, entry, volume, request, plan, deadline);
        Step driver = run.steps().getFirst();
        return through(run, entry, volume, () -> {
            runner.send(entry, driver);
            return new Advance.Waiting(List.of(), driver.name());
        });
    }

    private static ResetSteps.Run through(
            ResetSteps.Run run, Journal.Entry entry, Volume volume, Supplier<Advance> way) {
        try {
            switch (way.get()) {
                case Advance.Finished _ -> {
                    // its last step has settled the entry
                }
                case Advance.Waiting _ -> run.awaitReport();
            }
            return run;
        } catch (ServiceException.Unknown e) {
            throw ended(volume, e, () -> entry.leaveUnknown(e.getMessage()));
        } catch (ServiceException e) {
            throw ended(volume, e, () -> entry.settle(run.ifFailed(), e.getMessage()));
        } catch (NotOwner e) {
            throw new ServiceException.Unknown(e.getMessage(), next(volume), e);
        } catch (StoreException e) {
            throw new ServiceException.Unknown(
                    "The database failed while the reset was under way; it is found out what became of it: "
                            + e.getMessage(),
                    next(volume), e);
        }
    }

    /** A journal that cannot be written now never hides why the way ended; the entry is settled later. */
    private static ServiceException ended(Volume volume, ServiceException failure, Runnable write) {
        try {
            write.run();
            return failure;
        } catch (NotOwner | StoreException e) {
            failure.addSuppressed(e);
            return new ServiceException.Unknown(
                    failure.getMessage() + " That could not be journalled: " + e.getMessage(), next(volume), failure);
        }
    }

    private static String next(Volume volume) {
        return "reseat journal show " + volume.id();
    }

    /**
     * As {@link #run}, for an entry that was cut off, or whose driver has reported.
     *
     * @param patient whether what cannot be told now may be told later
     */
    void resume(
            RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, boolean patient,
            Deadline deadline) {
        ResetSteps.Run run =
                steps.of(context, entry, volume, request, ResetPlan.resumed(volume, request), deadline);
        if (!entry.mayHaveRun(ResetSteps.DRIVER)) {
            entry.settle(
                    JournalEntry.State.UNDONE,
                    "Cut off before the driver was asked; nothing was changed. Run it again.");
            return;
        }
        try {
            runner.forward(entry, run.resumed());
        } catch (ServiceException.Unknown e) {
            if (patient) {
                entry.leaveUnknown(e.getMessage());
            } else {
                entry.settle(run.ifFailed(), e.getMessage());
            }
        } catch (ServiceException e) {
            entry.settle(run.ifFailed(), e.getMessage());
        }
    }
}
