package dev.reseat.api.job;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.rpc.RequestContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How one kind of job repairs one item. Every repair writes the journal under the context's request id: by it a job
 * learns the end of what it could not wait for.
 */
public interface ItemWork {
    /**
     * The same work for these items, which are worked on now: what their rows say is read once for all of them. Other
     * items are worked on as well.
     */
    default ItemWork ahead(List<JobItem> items) {
        return this;
    }

    /**
     * Asks the item's sources and says what would be done. Changes nothing.
     *
     * @throws dev.reseat.api.flow.ServiceException if it would be refused, or cannot be told
     */
    Plan plan(RequestContext context, Job job, JobItem item);

    /**
     * Repairs it, if its rows are still as they were planned on.
     *
     * @throws dev.reseat.api.flow.ServiceException if it was refused, failed, or is not known to have been done
     */
    Ended run(RequestContext context, Job job, JobItem item);

    /** Whether the rows of an item tell that it can only wait; nobody else is asked. */
    default Optional<String> heldBecause(Job job, JobItem item) {
        return Optional.empty();
    }

    /** What comes of asking an item's sources, if it is not refused. */
    sealed interface Plan {}

    /** The volume needs nothing: the item is over. */
    record Nothing(String detail) implements Plan {}

    /**
     * @param guard digest of what {@link #run} compares: the rows it rests on, and what follows from them
     * @param decision what was decided, without times: equal texts are equal decisions
     * @param steps for the operator, in order
     * @param inverse the status that takes it back exactly; empty if it cannot be undone
     * @param freshUntil how long what was seen may be relied on
     */
    record Planned(
            String guard, String decision, List<String> steps, Optional<String> inverse, Instant freshUntil)
            implements Plan {
        public Planned {
            steps = List.copyOf(steps);
        }
    }

    /** How a run ended that no exception tells of. */
    sealed interface Ended {
        /**
         * What this process does of it is done. If the journal entry is open still, a worker's report carries the
         * repair on, and the entry tells how it ends.
         *
         * @param detail for an item that is done
         */
        record Applied(Optional<UUID> journal, String detail) implements Ended {}

        /** It was cast: a worker's report carries the repair on, and the entry tells how it ends. */
        record Sent(UUID journal) implements Ended {}

        /** The rows are not those that were planned on. */
        record Changed(String detail) implements Ended {}

        /** It can only wait, for something outside. */
        record Held(String detail) implements Ended {}

        /**
         * It can begin once its instance is stopped, which the job may have done.
         *
         * @param host where that is
         */
        record Stops(String host) implements Ended {}

        /** Somebody is in its way who will not be for long. */
        record Later(String detail) implements Ended {}
    }
}
