package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.FlowRunner;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Every {@link Remedy}, and the one way in which all of them are carried out. Thread-safe. */
final class Remedies {
    private final Map<Repair, Remedy> remedies;
    private final Journal journal;
    private final FlowRunner runner;

    @Inject
    Remedies(Map<Repair, Remedy> remedies, Journal journal, FlowRunner runner) {
        this.remedies = Map.copyOf(remedies);
        this.journal = journal;
        this.runner = runner;
    }

    /** Empty for what is done by another use case, or by nobody. */
    Optional<Remedy> of(Repair repair) {
        return Optional.ofNullable(remedies.get(repair));
    }

    /**
     * What {@link #run} would meet before its first step. Changes nothing, journals nothing.
     *
     * @throws ServiceException as that step would be refused
     */
    void check(RequestContext context, RemedyOrder order) {
        remedies.get(order.repair()).guard(context, order);
    }

    /**
     * Carries an order out, from its intention in the journal to a settled entry.
     *
     * @param seen what it was decided on
     * @return the entry
     * @throws ServiceException.Unknown with the entry left to the reconciler; any other with it settled
     */
    UUID run(
            RequestContext context, RemedyOrder order, Optional<String> reason, List<Observation> seen,
            Deadline deadline) {
        Remedy remedy = remedies.get(order.repair());
        var intention = new Journal.Intention(
                JournalEntry.Kind.REPAIR, order.volume().id(), order.mapping().map(RemedyOrder.Mapping::uuid), reason,
                order, order.volume());
        try (var entry = journal.open(context, intention)) {
            entry.step("evidence", Phase.DONE, Map.of("observations", seen));
            entry.step("plan", Phase.DONE, Map.of("steps", remedy.texts(order)));
            forward(entry, order, remedy.steps(context, entry, order, deadline));
            return entry.id();
        } catch (NotOwner e) {
            throw new ServiceException.Unknown(e.getMessage(), next(order), e);
        } catch (StoreException e) {
            throw new ServiceException.Unknown(
                    "The database failed while the repair was under way; it is found out what became of it: "
                            + e.getMessage(),
                    next(order), e);
        }
    }

    /** As {@link #run}, for an entry that was cut off. */
    void resume(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        Remedy remedy = remedies.get(order.repair());
        List<Step> steps = remedy.steps(context, entry, order, deadline);
        if (steps.stream().noneMatch(step -> entry.mayHaveRun(step.name()))) {
            entry.settle(JournalEntry.State.UNDONE, "Cut off before anything was changed. Run it again.");
        } else if (remedy.goesOn() || steps.stream().allMatch(step -> step.isDone().getAsBoolean())) {
            forward(entry, order, steps);
        } else {
            entry.settle(
                    JournalEntry.State.FAILED,
                    "Cut off on the way; what is left of it is found by a new diagnosis. Run it again.");
        }
    }

    private void forward(Journal.Entry entry, RemedyOrder order, List<Step> steps) {
        try {
            List<String> done = runner.forward(entry, steps);
            entry.settle(JournalEntry.State.DONE, order.repair().text() + ": " + String.join(", ", done));
        } catch (ServiceException.Unknown e) {
            entry.leaveUnknown(e.getMessage());
            throw new ServiceException.Unknown(e.getMessage(), next(order), e);
        } catch (ServiceException e) {
            boolean begun = steps.stream().anyMatch(step -> entry.mayHaveRun(step.name()));
            entry.settle(begun ? JournalEntry.State.FAILED : JournalEntry.State.UNDONE, e.getMessage());
            throw e;
        }
    }

    private static String next(RemedyOrder order) {
        return "reseat journal show " + order.volume().id();
    }
}
