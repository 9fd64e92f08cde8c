package dev.reseat.api.job;

import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.job.JobClaims;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.contract.Secrets;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is done with one item that this process has claimed: its sources are asked, or it is repaired. */
final class JobItems {
    private static final System.Logger LOG = System.getLogger(JobItems.class.getName());
    private static final Duration REFUSAL_IS_FRESH = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofSeconds(10);
    private static final int RECENT = 5;

    private final Database database;
    private final JobClaims claims;
    private final JournalTable journal;
    private final Map<Job.Action, ItemWork> works;
    private final JobConfig config;
    private final InstantSource clock;

    @Inject
    JobItems(
            Database database, JobClaims claims, JournalTable journal, Map<Job.Action, ItemWork> works,
            JobConfig config, InstantSource clock) {
        this.database = database;
        this.claims = claims;
        this.journal = journal;
        this.works = Map.copyOf(works);
        this.config = config;
        this.clock = clock;
    }

    /** Where an item goes, and what is written of it. */
    private record End(State state, Optional<UUID> journal, String detail, Duration again) {
        static End of(State state, String detail) {
            return new End(state, Optional.empty(), detail, Duration.ZERO);
        }
    }

    /** Whether there is anybody who does this kind of work. */
    boolean canDo(Job.Action action) {
        return works.containsKey(action);
    }

    /** Asks its sources and keeps the plan. */
    void plan(Job job, JobItem item) {
        Made made = made(job, item);
        database.cinder().run(tx -> claims.planned(tx, item, made.to(), made.plan()));
    }

    private record Made(State to, JobClaims.Plan plan) {}

    private Made made(Job job, JobItem item) {
        Optional<String> held = work(job).heldBecause(item);
        if (held.isPresent()) {
            return made(State.HELD, "held", "wait until the instance is stopped, then refresh", held.get());
        }
        try {
            return switch (work(job).plan(context(job, item), job, item)) {
                case ItemWork.Nothing nothing -> made(State.SKIPPED, "nothing", "nothing", nothing.detail());
                case ItemWork.Planned planned -> new Made(State.PLANNED, new JobClaims.Plan(
                        planned.guard(), Fingerprint.of(List.of(planned.guard(), planned.decision())),
                        String.join(", ", planned.steps()), Optional.empty(), planned.inverse(),
                        planned.freshUntil()));
            };
        } catch (ServiceException e) {
            return made(State.REFUSED, e.getClass().getSimpleName(), "nothing", text(e));
        } catch (StoreException.Unavailable | StoreException.Conflict e) {
            throw e; // it stays as it is, and is asked for again
        } catch (RuntimeException e) { // a defect, which comes back however often it is tried
            LOG.log(Level.ERROR, "item " + item.position() + " of job " + item.job() + " cannot be planned", e);
            return made(State.REFUSED, "broke", "nothing", "it cannot be planned; see the api-node's log");
        }
    }

    private Made made(State to, String decision, String steps, String detail) {
        return new Made(to, new JobClaims.Plan(
                "", Fingerprint.of(List.of("", decision)), steps, Optional.of(detail), Optional.empty(),
                clock.instant().plus(REFUSAL_IS_FRESH)));
    }

    /**
     * Repairs it and keeps what came of it.
     *
     * @return whether it is under way still, without anybody here: a worker's report carries it on
     */
    boolean run(Job job, JobItem item) {
        if (!database.cinder().transaction(tx -> claims.holds(tx, item))) {
            return false; // somebody has taken it over before anything was begun
        }
        End end = attempt(job, item);
        Optional<UUID> told = end.journal().or(() -> entry(item).map(JournalEntry::id));
        boolean kept = database.cinder()
                .transaction(tx -> end.state() == State.RUNNING
                        ? claims.sent(tx, item, told, end.detail())
                        : claims.ran(tx, item, end.state(), told, end.detail(), end.again()));
        if (!kept) {
            LOG.log(Level.WARNING, "item {0} of job {1} was taken over meanwhile; the journal tells what came of it",
                    item.position(), item.job());
        }
        return kept && end.state() == State.RUNNING;
    }

    private End attempt(Job job, JobItem item) {
        try {
            return switch (work(job).run(context(job, item), job, item)) {
                case ItemWork.Ended.Applied applied -> applied(item, applied);
                case ItemWork.Ended.Changed changed -> End.of(State.SKIPPED, changed.detail());
                case ItemWork.Ended.Held held ->
                    new End(State.HELD, Optional.empty(), held.detail(), config.heldInterval());
            };
        } catch (ServiceException e) {
            return ended(item, e);
        } catch (StoreException | NotOwner e) { // the journal tells what came of it
            return End.of(State.UNKNOWN, Secrets.maskedText(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) { // a defect: what it has done, the journal tells
            LOG.log(Level.ERROR, "item " + item.position() + " of job " + item.job() + " broke", e);
            return End.of(entry(item).isPresent() ? State.UNKNOWN : State.FAILED, "it broke; see the api-node's log");
        }
    }

    /** What the journal says counts: a report may have come already, or is waited for still. */
    private End applied(JobItem item, ItemWork.Ended.Applied applied) {
        Optional<JournalEntry> entry = entry(item);
        State state = entry.map(JournalEntry::state).map(JobItems::state).orElse(State.DONE);
        String detail = state == State.DONE
                ? applied.detail()
                : entry.flatMap(JournalEntry::outcome).orElse("sent; the report of whoever does it is waited for");
        return new End(state, applied.journal(), Secrets.maskedText(detail), Duration.ZERO);
    }

    private static State state(JournalEntry.State entry) {
        return switch (entry) {
            case OPEN, UNKNOWN -> State.RUNNING;
            case DONE -> State.DONE;
            case FAILED, UNDONE, SUPERSEDED -> State.FAILED;
        };
    }

    private End ended(JobItem item, ServiceException failure) {
        return switch (failure) {
            case ServiceException.Unknown _ -> End.of(State.UNKNOWN, text(failure));
            case ServiceException.Conflict _ when isBusy(item) ->
                new End(State.WAITING, Optional.empty(), text(failure), BUSY);
            case ServiceException.Conflict _,ServiceException.Invalid _,ServiceException.NotFound _ ->
                entry(item).filter(entry -> entry.state() == JournalEntry.State.FAILED).isPresent()
                        ? End.of(State.FAILED, text(failure))
                        : End.of(State.SKIPPED, text(failure));
            case ServiceException.NotImplemented _,ServiceException.Failed _,ServiceException.Unavailable _ ->
                End.of(State.FAILED, text(failure));
        };
    }

    /** Whether somebody else repairs the volume now. */
    private boolean isBusy(JobItem item) {
        return recent(item)
                .stream()
                .anyMatch(entry -> !entry.state().isFinal() && !entry.requestId().equals(item.requestId()));
    }

    private Optional<JournalEntry> entry(JobItem item) {
        return recent(item).stream().filter(entry -> entry.requestId().equals(item.requestId())).findFirst();
    }

    private List<JournalEntry> recent(JobItem item) {
        return database.cinder().transaction(tx -> journal.ofSubject(tx, item.volumeId(), RECENT));
    }

    private ItemWork work(Job job) {
        return Optional.ofNullable(works.get(job.action()))
                .orElseThrow(() -> new IllegalStateException("nobody does " + job.action()));
    }

    private static String text(ServiceException failure) {
        return Secrets.maskedText(failure.getMessage() + failure.next().map(next -> " Next: " + next).orElse(""));
    }

    /** Of whoever made the job, under the item's own request id. */
    private static RequestContext context(Job job, JobItem item) {
        return RequestContext.of(job.userId(), job.projectId(), true, item.requestId())
                .with("global_request_id", job.requestId());
    }
}
