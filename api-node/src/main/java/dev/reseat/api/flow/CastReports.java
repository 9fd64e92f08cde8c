package dev.reseat.api.flow;

import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.journal.CastStepRow;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/**
 * The workers' side of steps that were cast: whether they may act, and what they tell. A report is kept before it is
 * answered; the repair is carried on afterwards, so many at a time.
 */
public final class CastReports implements Service {
    /** Each of them may wait for a peer; more would only wait for the database. */
    private static final int AT_ONCE = 32;

    private final Journal journal;
    private final Reconciler reconciler;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final Set<Thread> carrying = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    @Inject
    public CastReports(Journal journal, Reconciler reconciler) {
        this.journal = journal;
        this.reconciler = reconciler;
    }

    /** Has that run after every repair that was carried on here, whether to its end or not. It must return at once. */
    public void afterEach(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void start() {
        // begins with the first report
    }

    /** Waits for the repairs that are being carried on. What has not come to its end then is the next reconciler's. */
    @Override
    public Drained drain(Duration grace) {
        var deadline = Deadline.after(grace);
        try {
            for (Thread thread : carrying) {
                if (!thread.join(deadline.remaining())) {
                    return Drained.FORCED;
                }
            }
            return Drained.CLEAN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    @Override
    public void stop() {
        // owns nothing
    }

    /**
     * Whether a worker may act: its step is still open in that epoch, and what it was sent under still holds. If that
     * does not hold any more, the step is skipped, and its repair goes on from there at once. False for entries that do
     * not exist.
     */
    public boolean admit(RequestContext context, String entry, String step, long epoch) {
        Optional<JournalEntry> row = id(entry).flatMap(journal::find);
        if (row.isEmpty()) {
            return false;
        }
        Optional<String> obstacle = reconciler.obstacle(context, row.get(), step);
        if (obstacle.isPresent()) {
            report(entry, step, epoch, StepOutcome.SKIPPED, obstacle, Optional.of(Map.of("refused", true)));
            return false;
        }
        return journal.admit(row.get().id(), step, epoch);
    }

    /**
     * When this returns, the report is kept, and the repair goes on if it waits for that. Repeatable: of several
     * reports of one step the first counts. One of an entry that does not exist is forgotten.
     *
     * @param result what the worker would have answered to a call
     */
    public void report(
            String entry, String step, long epoch, StepOutcome outcome, Optional<String> detail,
            Optional<Map<String, Object>> result) {
        var told = new CastStepRow(step, epoch, true, Optional.of(outcome), detail, result.map(JsonText::of));
        id(entry).flatMap(id -> journal.reported(id, told)).ifPresent(this::carryOn);
    }

    private void carryOn(Journal.Entry entry) {
        Thread thread = Thread.ofVirtual().name("reported-" + entry.id()).unstarted(() -> {
            slots.acquireUninterruptibly();
            try {
                reconciler.carryOn(entry);
            } finally {
                slots.release();
                listeners.forEach(Runnable::run);
                carrying.remove(Thread.currentThread());
            }
        });
        carrying.add(thread);
        thread.start();
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // whoever made it up has no entry
        }
    }
}
