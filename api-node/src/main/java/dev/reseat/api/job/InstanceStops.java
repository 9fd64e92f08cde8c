package dev.reseat.api.job;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.InstanceStop;
import dev.reseat.api.model.InstanceStop.State;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.service.InstancePower;
import dev.reseat.api.service.InstancePower.Power;
import dev.reseat.api.service.InstancePower.Task;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.job.InstanceStopTable;
import dev.reseat.api.store.job.JobTable;
import dev.reseat.contract.Secrets;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Instances that jobs stop for the sake of their items, and start again when these are over. What is owed to an
 * instance is a row before Nova is asked for it, so any api-node goes on where another one has ended; what has become
 * of it is read in Nova's row, never concluded from having asked.
 */
final class InstanceStops {
    private static final System.Logger LOG = System.getLogger(InstanceStops.class.getName());
    private static final int AT_ONCE = 32;
    private static final int MOST_ASKED = 3;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** Between two requests for the same: twice as long each time, up to that. */
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** After which time what may have been sent is sent again, if nothing shows of it. */
    private static final Duration DOUBT = Duration.ofSeconds(30);
    private static final Set<JobItem.State> IN_FLIGHT = EnumSet.of(JobItem.State.RUNNING, JobItem.State.UNKNOWN);
    private static final Set<JobItem.State> NOT_BEGUN = EnumSet.of(JobItem.State.HELD, JobItem.State.WAITING);
    private static final Set<JobItem.State> TO_COME =
            EnumSet.complementOf(EnumSet.of(JobItem.State.DONE, JobItem.State.FAILED, JobItem.State.SKIPPED));

    private final Database database;
    private final InstanceStopTable stops;
    private final JobTable jobs;
    private final InstancePower power;
    private final JobConfig config;

    @Inject
    InstanceStops(
            Database database, InstanceStopTable stops, JobTable jobs, InstancePower power, JobConfig config) {
        this.database = database;
        this.stops = stops;
        this.jobs = jobs;
        this.power = power;
        this.config = config;
    }

    /**
     * Begins with those that are due, each in a thread of its own.
     *
     * @param after runs when something may begin, or a job may go on
     * @return whether anything is owed to any instance
     */
    boolean look(Runnable after) {
        if (!database.cinder().transaction(stops::anyOpen)) {
            return false;
        }
        database.cinder()
                .transaction(tx -> stops.take(tx, config.stopTimeout(), AT_ONCE))
                .forEach(stop -> Thread.ofVirtual().name("instance-stop").start(() -> apart(stop, after)));
        return true;
    }

    private void apart(InstanceStop stop, Runnable after) {
        try {
            Job job = database.cinder().transaction(tx -> jobs.find(tx, stop.job())).orElseThrow();
            step(stop, job);
            after.run();
        } catch (ServiceException | StoreException e) { // it is due again in a while
            LOG.log(Level.WARNING, "instance {0} of job {1} is left as it is: {2}", stop.instanceId(), stop.job(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "instance " + stop.instanceId() + " of job " + stop.job() + " broke", e);
        }
    }

    private void step(InstanceStop stop, Job job) {
        Power now = power.of(stop.instanceId());
        switch (stop.state()) {
            case STOPPING -> stopping(stop, job, now);
            case STOPPED -> stopped(stop, job, now);
            case STARTING -> starting(stop, job, now);
            case STARTED, NOT_STOPPED, LEFT_STOPPED, LEFT_ALONE -> {
                // nothing is owed
            }
        }
    }

    private void stopping(InstanceStop stop, Job job, Power now) {
        switch (now) {
            case Power.Stopped _ -> {
                boolean ours = isOurs(stop, Task.STOP);
                move(stop, ours ? State.STOPPED : State.LEFT_ALONE, ours ? "stopped" : "somebody else has stopped it",
                        tx -> stops.letGo(tx, stop));
            }
            case Power.Busy(String text) -> busy(stop, text);
            case Power.Gone _ -> move(stop, State.LEFT_ALONE, "it is gone", tx -> stops.letGo(tx, stop));
            case Power.Running(_, boolean locked) -> {
                if (stop.asked() == 0 && !isWanted(stop, job)) {
                    move(stop, State.STARTED, "it was not stopped: the job does not go on now",
                            tx -> stops.letGo(tx, stop));
                } else if (locked || stop.asked() >= MOST_ASKED) {
                    notStopped(stop, State.NOT_STOPPED, locked ? "somebody has locked it" : "Nova does not stop it");
                } else {
                    ask(stop, job, Task.STOP);
                }
            }
            case Power.Changing(Task task) when task == Task.STOP -> {
                if (!isOurs(stop, task)) {
                    waitOr(stop, () -> notStopped(stop, State.LEFT_ALONE, "somebody else is stopping it"));
                } else if (stop.overdue()) { // it will be stopped later, and is owed its start then
                    notStopped(stop, State.STARTING, "Nova has not stopped it within "
                            + config.stopTimeout().toSeconds() + " seconds, and is at it still");
                } else {
                    goOn(stop, job, task);
                }
            }
            case Power.Changing _ -> waitOr(stop, () -> notStopped(stop, State.NOT_STOPPED, "Nova is starting it"));
            case Power.Other(String text) -> waitOr(stop, () -> notStopped(stop, State.NOT_STOPPED, text));
        }
    }

    private void stopped(InstanceStop stop, Job job, Power now) {
        switch (now) {
            case Power.Stopped _ -> {
                boolean goesOn = job.state() == Job.State.RUNNING || job.state() == Job.State.PLANNING;
                boolean busy = database.cinder().transaction(tx -> {
                    stops.letGo(tx, stop);
                    return stops.any(tx, stop, IN_FLIGHT, Integer.MAX_VALUE)
                            || (goesOn && stops.any(tx, stop, TO_COME, job.released()))
                            || job.state() == Job.State.PLANNING;
                });
                if (busy) {
                    again(stop, SOON, Optional.empty());
                } else if (database.cinder().transaction(tx -> stops.anyHalfDone(tx, stop))) {
                    move(stop, State.LEFT_STOPPED, "a refresh of one of its volumes has failed half-way, so it is not"
                            + " started: see the item's journal entry, then openstack server start "
                            + stop.instanceId(), _ -> {});
                } else {
                    move(stop, State.STARTING, "its items are over", _ -> {});
                }
            }
            case Power.Busy(String text) -> busy(stop, text);
            case Power.Running _,Power.Changing _ ->
                move(stop, State.LEFT_ALONE, "somebody else has started it meanwhile", tx -> stops.letGo(tx, stop));
            case Power.Other(String text) ->
                move(stop, State.LEFT_ALONE, "somebody else has changed it: " + text, tx -> stops.letGo(tx, stop));
            case Power.Gone _ -> move(stop, State.LEFT_ALONE, "it is gone", tx -> stops.letGo(tx, stop));
        }
    }

    private void starting(InstanceStop stop, Job job, Power now) {
        switch (now) {
            case Power.Running _ -> move(stop, State.STARTED, "it runs again", _ -> {});
            case Power.Gone _ -> move(stop, State.LEFT_ALONE, "it is gone", _ -> {});
            case Power.Stopped(boolean locked) -> {
                if (!isOurs(stop, Task.STOP)) {
                    move(stop, State.LEFT_ALONE, "somebody else has stopped it meanwhile", _ -> {});
                } else if (stop.overdue() && (locked || stop.asked() >= MOST_ASKED)) {
                    notStarted(stop, locked ? "somebody has locked it" : "Nova does not start it");
                } else if (locked) { // by a refresh, which ends
                    again(stop, SOON, Optional.of("it is locked"));
                } else {
                    ask(stop, job, Task.START);
                }
            }
            case Power.Changing(Task task) -> {
                if (task == Task.STOP && !isOurs(stop, task)) {
                    move(stop, State.LEFT_ALONE, "somebody else is stopping it", _ -> {});
                } else if (stop.overdue()) { // what it was sent is not read any more by now
                    notStarted(stop, "nova-compute of " + stop.host() + " has been " + (task == Task.START
                            ? "starting"
                            : "stopping") + " it for too long, see to that service");
                } else if (task == Task.START && isOurs(stop, task)) {
                    goOn(stop, job, task);
                } else {
                    again(stop, PAUSE, Optional.empty());
                }
            }
            case Power.Busy(String text) -> busy(stop, text);
            case Power.Other(String text) -> waitOr(stop, () -> notStarted(stop, text));
        }
    }

    /** Somebody else's stop is nobody's business here, and a guest that has powered itself off is its owner's. */
    private boolean isOurs(InstanceStop stop, Task task) {
        return power.isLast(stop.instanceId(), task, stop.requestId());
    }

    private boolean isWanted(InstanceStop stop, Job job) {
        return job.state() == Job.State.RUNNING
                && database.cinder().transaction(tx -> stops.any(tx, stop, TO_COME, Integer.MAX_VALUE));
    }

    /** What somebody else does with it ends, however long it takes. */
    private void busy(InstanceStop stop, String text) {
        database.cinder().run(tx -> stops.hold(tx, stop, PAUSE, text));
    }

    private void waitOr(InstanceStop stop, Runnable end) {
        if (stop.overdue()) {
            end.run();
        } else {
            again(stop, SOON, Optional.empty());
        }
    }

    /** Nova is at it; what is not known to have been sent is sent again. */
    private void goOn(InstanceStop stop, Job job, Task task) {
        if (stop.sent() == stop.asked()) {
            again(stop, SOON, Optional.empty());
        } else {
            sending(stop, () -> power.repeat(context(stop, job), stop.instanceId(), task, config.stopTimeout()));
        }
    }

    private void ask(InstanceStop stop, Job job, Task task) {
        if (database.cinder().transaction(tx -> stops.asking(tx, stop))) {
            sending(stop, () -> power.begin(context(stop, job), stop.instanceId(), task, config.stopTimeout()));
        }
    }

    private void sending(InstanceStop stop, Runnable send) {
        try {
            send.run();
            database.cinder().run(tx -> {
                stops.sent(tx, stop);
                stops.again(tx, stop, pause(stop.asked()), Optional.empty());
            });
        } catch (ServiceException.Unknown e) {
            again(stop, DOUBT, Optional.of(text(e)));
        } catch (ServiceException e) { // nothing was sent
            again(stop, PAUSE.multipliedBy(stop.asked() + 1L), Optional.of(text(e)));
        }
    }

    /** One who has been asked in vain is asked less often. */
    static Duration pause(int asked) {
        Duration pause = SOON.multipliedBy(1L << Math.min(asked, 6));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }

    /** Its items have failed before anything of theirs was touched. */
    private void notStopped(InstanceStop stop, State to, String why) {
        move(stop, to, why, tx -> stops.fail(
                tx, stop, NOT_BEGUN, "Instance " + stop.instanceId() + " was not stopped: " + why + detail(tx, stop)
                        + ". Nothing of the volume was touched."));
    }

    private void notStarted(InstanceStop stop, String why) {
        LOG.log(Level.ERROR, "instance {0}, stopped by job {1}, does not run again: {2}", stop.instanceId(),
                stop.job(), why);
        move(stop, State.LEFT_STOPPED, why, tx -> stops.fail(
                tx, stop, EnumSet.of(JobItem.State.DONE), "Refreshed, but instance " + stop.instanceId()
                        + " DOES NOT RUN AGAIN: " + why + detail(tx, stop) + ". Next: openstack server start "
                        + stop.instanceId()));
    }

    private String detail(Transaction tx, InstanceStop stop) {
        return stops.detail(tx, stop).map(" (%s)"::formatted).orElse("");
    }

    /** Together with what follows of it for its items; nothing if somebody else has taken it over. */
    private void move(InstanceStop stop, State to, String why, Consumer<Transaction> items) {
        boolean moved = database.cinder().transaction(tx -> {
            if (!stops.holds(tx, stop)) {
                return false;
            }
            items.accept(tx);
            return stops.move(tx, stop, to, Optional.of(why));
        });
        if (moved) {
            LOG.log(Level.INFO, "instance {0} of job {1} is {2}: {3}", stop.instanceId(), stop.job(), to, why);
        }
    }

    private void again(InstanceStop stop, Duration pause, Optional<String> detail) {
        database.cinder().run(tx -> stops.again(tx, stop, pause, detail));
    }

    private static String text(ServiceException failure) {
        return Secrets.maskedText(String.valueOf(failure.getMessage()));
    }

    private static RequestContext context(InstanceStop stop, Job job) {
        return RequestContext.of(job.userId(), job.projectId(), true, stop.requestId())
                .with("global_request_id", job.requestId());
    }
}
