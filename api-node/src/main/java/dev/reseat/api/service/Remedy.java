package dev.reseat.api.service;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Step;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import java.util.List;

/** One word of the decision table that is done in steps of its own, which no other use case has. */
interface Remedy {
    /** What is to be done for what a volume shows, from rows alone. Changes nothing. */
    Prescription prescribe(RequestContext context, VolumeDiagnosis seen);

    /** The steps of an order in the words of a plan, with who does them. */
    List<String> texts(RemedyOrder order);

    /** How it is taken back. */
    Inverse inverse(RemedyOrder order);

    /**
     * Looks whether what the order rests on still holds, by rows alone, as right before the first step.
     *
     * @throws dev.reseat.api.flow.ServiceException if it does not
     */
    void guard(RequestContext context, RemedyOrder order);

    /**
     * The steps. Each looks itself, right before it acts, whether what it rests on still holds.
     *
     * @param deadline of every call that is made for it
     */
    List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline);

    /**
     * Whether one that was cut off is gone on with: what it leaves halfway would be no pattern. Otherwise it is only
     * looked at whether it had been done; a new repair begins with new evidence.
     */
    default boolean goesOn() {
        return false;
    }

    /** What follows from rows. */
    sealed interface Prescription {
        /** This. */
        record Do(RemedyOrder order) implements Prescription {}

        /** A person has to say what. */
        record ByHand(String why) implements Prescription {}
    }
}
