package dev.reseat.api.job;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.job.InstanceStopTable;
import dev.reseat.api.store.job.JobItemTable;
import dev.reseat.api.store.job.JobTable;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From what became of a job's items to its next state. Decides on rows alone, so all api-nodes come to the same. */
final class JobSteps {
    private static final System.Logger LOG = System.getLogger(JobSteps.class.getName());
    private static final Set<State> UNPLANNED = EnumSet.of(State.NEW, State.PLANNING);
    private static final Set<State> IN_FLIGHT = EnumSet.of(State.RUNNING, State.UNKNOWN);
    private static final Set<State> GOING_ON = EnumSet.of(State.WAITING, State.RUNNING, State.UNKNOWN);
    private static final Set<State> OPEN = EnumSet.of(State.WAITING, State.HELD, State.RUNNING, State.UNKNOWN);

    private final JobTable jobs;
    private final JobItemTable items;
    private final InstanceStopTable stops;

    @Inject
    JobSteps(JobTable jobs, JobItemTable items, InstanceStopTable stops) {
        this.jobs = jobs;
        this.items = items;
        this.stops = stops;
    }

    /**
     * Brings a job as far as its items are.
     *
     * @param job its row is locked
     * @return whether more items may begin than before
     */
    boolean advance(Transaction tx, Job job) {
        return switch (job.state()) {
            case PLANNING -> !items.any(tx, job.id(), UNPLANNED) && planned(tx, job);
            case RUNNING -> !stopped(tx, job) && released(tx, job);
            case CANCELLED -> {
                if (!items.any(tx, job.id(), IN_FLIGHT)) { // one that was in flight may wait again
                    items.moveAll(tx, job.id(), OPEN, State.SKIPPED, Optional.of("the job was cancelled"));
                    if (!stops.anyOpen(tx, job.id())) {
                        jobs.end(tx, job.id());
                    }
                }
                yield false;
            }
            case PLANNED, PAUSED, STOPPED, DONE -> false;
        };
    }

    private boolean planned(Transaction tx, Job job) {
        if (!job.applied()) {
            jobs.move(tx, job.id(), List.of(Job.State.PLANNING), Job.State.PLANNED, Optional.empty());
            return false;
        }
        items.moveAll(tx, job.id(), List.of(State.PLANNED), State.WAITING, Optional.empty());
        items.moveAll(tx, job.id(), List.of(State.REFUSED), State.SKIPPED, Optional.empty());
        jobs.move(tx, job.id(), List.of(Job.State.PLANNING), Job.State.RUNNING, Optional.empty());
        jobs.release(tx, job.id(), job.limits().first());
        return true;
    }

    private boolean stopped(Transaction tx, Job job) {
        Optional<String> why = whyStop(tx, job);
        why.ifPresent(reason -> {
            LOG.log(Level.WARNING, "job {0} is stopped: {1}", job.id(), reason);
            jobs.move(tx, job.id(), List.of(Job.State.RUNNING), Job.State.STOPPED, why);
        });
        return why.isPresent();
    }

    private Optional<String> whyStop(Transaction tx, Job job) {
        int most = job.limits().stopAfterFailures();
        if (most > 0 && items.lastAllFailed(tx, job.id(), most)) {
            return Optional.of(most + " failures in a row");
        }
        boolean canariesOnly = job.limits().canary() > 0 && job.released() == job.limits().canary();
        return canariesOnly && items.any(tx, job.id(), List.of(State.FAILED), job.released())
                ? Optional.of("one of the first " + job.released() + ", the canaries, has failed")
                : Optional.empty();
    }

    /** Held items keep no wave from beginning: they may take weeks. An instance that is stopped for one does. */
    private boolean released(Transaction tx, Job job) {
        if (stops.anyOpen(tx, job.id())) {
            return false;
        }
        if (!items.any(tx, job.id(), OPEN)) {
            jobs.move(tx, job.id(), List.of(Job.State.RUNNING), Job.State.DONE, Optional.empty());
            return false;
        }
        if (job.released() == Integer.MAX_VALUE || items.any(tx, job.id(), GOING_ON, job.released())) {
            return false;
        }
        jobs.release(tx, job.id(), job.limits().next(job.released()));
        return true;
    }
}
