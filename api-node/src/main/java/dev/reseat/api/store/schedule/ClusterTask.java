package dev.reseat.api.store.schedule;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.reseat.api.store.Database;
import dev.reseat.runtime.Service;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something that is done again and again, by one api-node at a time, whichever is there: the next time so long after
 * the last one has ended. When the one that does it dies, another begins anew soon after its signs of life have
 * stopped. It may still happen that two are at it, of which one was taken for dead: the work has to bear that.
 */
public final class ClusterTask implements Service {
    private static final System.Logger LOG = System.getLogger(ClusterTask.class.getName());
    private static final int MISSED_SIGNS = 6;
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Database database;
    private final String name;
    private final Duration interval;
    private final Duration deadAfter;
    private final Runnable work;
    // guarded by this
    private Optional<Scheduler> running = Optional.empty();

    /**
     * @param deadAfter without a sign of life for so long, the one that does it counts as dead
     * @param work must not throw; is interrupted when this service stops
     */
    public ClusterTask(Database database, String name, Duration interval, Duration deadAfter, Runnable work) {
        this.database = database;
        this.name = name;
        this.interval = interval;
        this.deadAfter = deadAfter;
        this.work = work;
    }

    /** Returns at once; the work begins when it is due. The database must be started. */
    @Override
    public synchronized void start() {
        RecurringTask<Void> task = Tasks.recurring(name, FixedDelay.of(interval)).execute((_, _) -> work.run());
        Duration half = interval.dividedBy(2);
        Scheduler scheduler = Scheduler.create(database.cinder().pool())
                .tableName("reseat.scheduled_tasks")
                .startTasks(List.of(task))
                .threads(1)
                .pollingInterval(half.compareTo(LONGEST_LOOK) < 0 ? half : LONGEST_LOOK)
                .heartbeatInterval(deadAfter.dividedBy(MISSED_SIGNS))
                .missedHeartbeatsLimit(MISSED_SIGNS)
                .alwaysPersistTimestampInUTC()
                .shutdownMaxWait(GRACE)
                .build();
        scheduler.start();
        running = Optional.of(scheduler);
        LOG.log(Level.INFO, "{0} every {1} s, on one api-node at a time", name, interval.toSeconds());
    }

    @Override
    public synchronized void stop() {
        running.ifPresent(Scheduler::stop);
        running = Optional.empty();
    }
}
