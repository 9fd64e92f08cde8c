package dev.reseat.api.job;

import dev.reseat.api.flow.CastReports;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.remote.RepairQueue;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.job.JobClaims;
import dev.reseat.api.store.job.JobItemTable;
import dev.reseat.api.store.job.JobTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.api.store.nova.MappedVolumeTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.LogFields;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * This api-node at work on jobs: it claims as many items as it has hands for, and works on each in a thread of its own.
 * An item whose repair was cast takes no hand: it stays in flight until its journal entry is settled. The worker looks
 * whenever a message says that there is something to do, whenever an item of its own ends or a report has come, and
 * again and again after a pause, which finds what a lost message has told of and what a dead api-node has left.
 */
public final class JobWorker implements Service {
    private static final System.Logger LOG = System.getLogger(JobWorker.class.getName());
    private static final int HELD_AT_ONCE = 500;
    /** Between two looks while most hands are busy: what ends meanwhile is settled, and made up for, at once. */
    private static final Duration BREATH = Duration.ofMillis(50);
    /** While an instance is stopped for a job, nobody is to wait longer than that for what comes next. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Database database;
    private final Cells cells;
    private final JobTable jobs;
    private final JobItemTable itemTable;
    private final JobClaims claims;
    private final JobSteps steps;
    private final JobItems items;
    private final InstanceStops stops;
    private final MappedVolumeTable mapped;
    private final ProcessLeases owners;
    private final CastReports reports;
    private final RepairQueue queue;
    private final JobConfig config;
    private final Semaphore hands;
    private final Semaphore calls = new Semaphore(0);
    /** Calls that are answered without taking a breath. */
    private final Semaphore urgent = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("jobs").unstarted(this::work);
    /** By what was claimed: an item that ends its planning may already run, and then stays in hand. */
    private final Set<JobItem> inHand = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean told = new AtomicBoolean();
    private int turn; // of the one thread that looks
    private boolean busy; // likewise: a job was at work when it last looked, so that it need not ask whether one is
    private volatile boolean draining;

    @Inject
    JobWorker(
            Database database, Cells cells, JobTable jobs, JobItemTable itemTable, JobClaims claims, JobSteps steps,
            JobItems items, InstanceStops stops, MappedVolumeTable mapped, ProcessLeases owners, CastReports reports,
            RepairQueue queue,
            JobConfig config) {
        this.database = database;
        this.cells = cells;
        this.jobs = jobs;
        this.itemTable = itemTable;
        this.claims = claims;
        this.steps = steps;
        this.items = items;
        this.stops = stops;
        this.mapped = mapped;
        this.owners = owners;
        this.reports = reports;
        this.queue = queue;
        this.config = config;
        this.hands = new Semaphore(config.workers());
    }

    /** There may be something to do. Returns at once; said twice it does no harm. */
    public void wake() {
        urgent.release();
        calls.release();
    }

    /** A journal entry may be settled that an item waits for. */
    private void wakeToSettle() {
        told.set(true);
        calls.release();
    }

    /** A hand is free: worth a look of its own when many are. */
    private void handIsFree() {
        if (hands.availablePermits() * 2 >= config.workers()) {
            wake();
        } else {
            calls.release();
        }
    }

    @Override
    public void start() {
        reports.afterEach(this::wakeToSettle);
        thread.start();
    }

    /** Nothing more begins here; returns when what is in hand has ended. */
    @Override
    public Drained drain(Duration grace) {
        draining = true;
        wake();
        try {
            return hands.tryAcquire(config.workers(), grace.toNanos(), TimeUnit.NANOSECONDS)
                    ? Drained.CLEAN
                    : Drained.FORCED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    @Override
    public void stop() {
        draining = true;
        thread.interrupt();
    }

    private void work() {
        try {
            Deadline next = Deadline.after(config.interval());
            while (!draining) {
                look();
                if (calls.tryAcquire(next.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                    urgent.tryAcquire(BREATH.toMillis(), TimeUnit.MILLISECONDS);
                }
                urgent.drainPermits();
                calls.drainPermits();
                if (next.isOver() && !draining) {
                    boolean owed = lookAfter();
                    next = owed ? Deadline.after(config.interval()).within(SOON) : Deadline.after(config.interval());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Claims and begins until nothing can begin, or no hand is free. */
    private void look() {
        try {
            if (told.getAndSet(false)) {
                database.cinder().transaction(tx -> claims.settleTold(tx, hands()));
            }
            boolean more = true;
            while (more && !draining) {
                int free = hands.availablePermits();
                more = free > 0 && (busy || database.cinder().transaction(jobs::hasUnended)) && begin(free);
            }
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "cannot look for items of jobs: {0}", e.getMessage());
        } catch (RuntimeException e) { // a row that nobody can read must not end this
            LOG.log(Level.ERROR, "looking for items of jobs broke", e);
        }
    }

    /** What no message tells of. @return whether it must be looked again soon */
    private boolean lookAfter() {
        try {
            if (database.cinder().transaction(jobs::hasUnended)) {
                int settled = database.cinder().transaction(tx -> claims.settle(tx, hands()));
                if (settled > 0) {
                    LOG.log(Level.INFO, "{0} items of jobs are settled by what the journal says", settled);
                }
                letGoWhatIsStopped();
                return stops.look(this::wake);
            }
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "cannot look after items of jobs: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "looking after items of jobs broke", e);
        }
        return false;
    }

    private void letGoWhatIsStopped() {
        int seconds = (int) config.heldInterval().toSeconds();
        List<JobItem> held = database.cinder().transaction(tx -> itemTable.heldDue(tx, seconds, HELD_AT_ONCE));
        Set<String> instances = new HashSet<>();
        held.forEach(item -> item.instanceId().ifPresent(instances::add));
        if (!instances.isEmpty()) {
            keepStopped(instances);
            if (!instances.isEmpty()) { // also those that are gone, which the work then says
                database.cinder().run(tx -> itemTable.letGo(tx, instances));
            }
        }
    }

    /** Those that are gone stay too, which the work then says; whom a silent cell may have is not known to be. */
    private void keepStopped(Set<String> instances) {
        record Seen(Set<String> present, Set<String> running) {}
        Set<String> asked = Set.copyOf(instances);
        Answers<Seen> seen =
                cells.everywhere(tx -> new Seen(mapped.present(tx, asked), mapped.running(tx, asked)));
        if (!seen.silent().isEmpty()) {
            seen.silent().forEach(silent -> LOG.log(Level.WARNING, "who is stopped is not known: {0}", silent.text()));
            instances.retainAll(
                    seen.given().stream().flatMap(one -> one.present().stream()).collect(Collectors.toSet()));
        }
        seen.given().forEach(one -> instances.removeAll(one.running()));
    }

    /** @param more whether others may begin at once: hands are left, and not all that wait were looked at */
    private record Work(List<JobItem> claimed, Map<UUID, Job> jobs, List<UUID> released, boolean more) {}

    /** @return whether it pays to look again at once */
    private boolean begin(int free) {
        Work work = database.cinder().transaction(tx -> claim(tx, free));
        busy = !work.jobs().isEmpty();
        hands.acquireUninterruptibly(work.claimed().size()); // there are as many: only this thread takes any
        inHand.addAll(work.claimed());
        work.claimed()
                .stream()
                .collect(Collectors.groupingBy(JobItem::job))
                .forEach((job, claimed) -> begin(work.jobs().get(job), claimed));
        work.released().forEach(this::tellOthers);
        return work.more();
    }

    private void begin(Job job, List<JobItem> claimed) {
        try {
            ItemWork ahead = items.ahead(job, claimed);
            claimed.forEach(item -> Thread.ofVirtual().name("job-item").start(() -> work(ahead, job, item)));
        } catch (RuntimeException e) { // they are left behind, and given out again
            LOG.log(Level.ERROR, claimed.size() + " items of job " + job.id() + " cannot be begun", e);
            claimed.forEach(inHand::remove);
            hands.release(claimed.size());
        }
    }

    /** One after the other over all api-nodes, so that what is counted here stays so until it is written. */
    private Work claim(Transaction tx, int free) {
        jobs.passGate(tx);
        Map<UUID, Job> active = new HashMap<>();
        List<UUID> released = new ArrayList<>();
        for (Job job : jobs.lockActive(tx)) {
            active.put(job.id(), job);
            if (steps.advance(tx, job)) {
                released.add(job.id());
            }
        }
        List<JobItem> claimed = new ArrayList<>();
        boolean cut = false;
        if (!active.isEmpty()) {
            JobClaims.Begun begun = claims.toRun(tx, owners.own(), active.keySet(), free - forPlanning(active, free));
            claimed.addAll(begun.items());
            cut = begun.more();
            if (claimed.size() < free) {
                claimed.addAll(claims.toPlan(tx, hands(), active.keySet(), free - claimed.size()));
            }
        }
        return new Work(claimed, active, released, cut && claimed.size() < free);
    }

    /** A long job that runs keeps no other from being planned: a quarter of the hands, one of four if there is one. */
    private int forPlanning(Map<UUID, Job> active, int free) {
        boolean planning = active.values().stream().anyMatch(job -> job.state() == Job.State.PLANNING);
        return planning ? (free + turn++ % 4) / 4 : 0;
    }

    private void tellOthers(UUID job) {
        try {
            queue.ready(RequestContext.admin(), job, 2);
        } catch (RpcException e) {
            LOG.log(Level.DEBUG, "nobody is told of job {0}, they will look: {1}", job, e.getMessage());
        }
    }

    private void work(ItemWork how, Job job, JobItem item) {
        try (var _ = LogFields.request(item.requestId())) {
            if (item.state() == State.PLANNING) {
                items.plan(how, job, item);
            } else if (items.run(how, job, item)) {
                told.set(true); // its report may have been faster
            }
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "item {0} of job {1} is left as it is: {2}", item.position(), item.job(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "item " + item.position() + " of job " + item.job() + " broke", e);
        } finally {
            inHand.remove(item);
            hands.release();
            handIsFree();
        }
    }

    private JobClaims.Hands hands() {
        return new JobClaims.Hands(
                owners.own(), inHand.stream().map(JobItem::id).collect(Collectors.toSet()));
    }

    /** Tells the api-nodes that items of a job may begin: a message for each item, but no more than there are hands. */
    void announce(RequestContext context, UUID job, int items) {
        wake();
        try {
            queue.ready(context, job, Math.clamp(items, 1, config.workers()));
        } catch (RpcException e) {
            LOG.log(Level.WARNING, "the work queue does not take job {0}; the api-nodes will find it by looking: {1}",
                    job, e.getMessage());
        }
    }
}
