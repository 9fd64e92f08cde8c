package dev.reseat.api.job;

import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.job.InstanceStopTable;
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
    private static final String AWAITED = "sent; the report of whoever does it is waited for";

    private final Database database;
    private final JobClaims claims;
    private final ItemWrites writes;
    private final InstanceStopTable stops;
    private final JournalTable journal;
    private final Map<Job.Action, ItemWork> works;
    private final JobConfig config;
    private final InstantSource clock;

    @Inject
    JobItems(
            Database database, JobClaims claims, InstanceStopTable stops, JournalTable journal,
            Map<Job.Action, ItemWork> works, JobConfig config, InstantSource clock) {
        this.database = database;
        this.claims = claims;
        this.writes = new ItemWrites(database, claims);
        this.stops = stops;
        this.journal = journal;
        this.works = Map.copyOf(works);
        this.config = config;
        this.clock = clock;
    }

    /**
     * Where an item goes, and what is written of it.
     *
     * @param unreached whether it is tried again first, for a while: nobody was there to do it
     */
    private record End(State state, Optional<UUID> journal, String detail, Duration again, boolean unreached) {
        End(State state, Optional<UUID> journal, String detail, Duration again) {
            this(state, journal, detail, again, false);
        }

        static End of(State state, String detail) {
            return new End(state, Optional.empty(), detail, Duration.ZERO);
        }

        static End unreached(State otherwise, String detail) {
            return new End(otherwise, Optional.empty(), detail, Duration.ZERO, true);
        }
    }

    /** Whether there is anybody who does this kind of work. */
    boolean canDo(Job.Action action) {
        return works.containsKey(action);
    }

    /** How items of a job are worked on that were claimed together. Their rows are read; if not now, then later. */
    ItemWork ahead(Job job, List<JobItem> claimed) {
        try {
            return work(job).ahead(claimed);
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "the rows of {0} items are not read at once: {1}", claimed.size(), e.getMessage());
            return work(job);
        }
    }

    /** Asks its sources and keeps the plan. */
    void plan(ItemWork work, Job job, JobItem item) {
        Made made = made(work, job, item);
        writes.planned((made.unreached() && job.applied() ? read(item) : Optional.<JobClaims.Plan>empty())
                .map(plan -> new JobClaims.Outcome(item, State.PLANNED, plan, false))
                .orElseGet(() -> new JobClaims.Outcome(item, made.to(), made.plan(), made.unreached())));
    }

    /**
     * The plan that it had when the job was applied. Somebody who is out of reach now has not changed it: when its turn
     * comes all are asked again, and then he is waited for.
     */
    private Optional<JobClaims.Plan> read(JobItem item) {
        Optional<String> guard = item.guard().filter(text -> !text.isEmpty());
        return item.digest()
                .flatMap(digest -> guard.map(text -> new JobClaims.Plan(
                        text, digest, item.plan().orElse(""), Optional.empty(), item.inverse(), clock.instant())));
    }

    /** @param unreached whether it is refused only because somebody could not be asked */
    private record Made(State to, JobClaims.Plan plan, boolean unreached) {}

    private Made made(ItemWork work, Job job, JobItem item) {
        try {
            Optional<String> held = work.heldBecause(job, item);
            if (held.isPresent()) {
                return made(State.HELD, "held", "wait until the instance is stopped, then refresh", held.get());
            }
            return switch (work.plan(context(job, item), job, item)) {
                case ItemWork.Nothing nothing -> made(State.SKIPPED, "nothing", "nothing", nothing.detail());
                case ItemWork.Planned planned -> new Made(State.PLANNED, new JobClaims.Plan(
                        planned.guard(), Fingerprint.of(List.of(planned.guard(), planned.decision())),
                        String.join(", ", planned.steps()), Optional.empty(), planned.inverse(),
                        planned.freshUntil()), false);
            };
        } catch (ServiceException e) {
            Made refused = made(State.REFUSED, e.getClass().getSimpleName(), "nothing", text(e));
            return new Made(refused.to(), refused.plan(), isOutOfReach(e));
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
                clock.instant().plus(REFUSAL_IS_FRESH)), false);
    }

    /** Whether it is so because somebody could not be asked, and may be otherwise once he can. */
    private static boolean isOutOfReach(ServiceException failure) {
        return failure instanceof ServiceException.Unavailable || failure.code() == ErrorCode.EVIDENCE_UNKNOWN;
    }

    /**
     * Repairs it and keeps what came of it.
     *
     * @return whether it is under way still, without anybody here: a worker's report carries it on
     */
    boolean run(ItemWork work, Job job, JobItem item) {
        if (!writes.holds(item)) {
            return false; // somebody has taken it over before anything was begun
        }
        End end = attempt(work, job, item);
        Optional<UUID> told = end.journal().or(() -> entry(item).map(JournalEntry::id));
        boolean kept = end.state() == State.RUNNING
                ? writes.sent(new JobClaims.Sent(item, told, end.detail()))
                : database.cinder().transaction(tx -> ended(tx, item, end, told));
        if (!kept) {
            LOG.log(Level.WARNING, "item {0} of job {1} was taken over meanwhile; the journal tells what came of it",
                    item.position(), item.job());
        }
        return kept && end.state() == State.RUNNING;
    }

    private boolean ended(Transaction tx, JobItem item, End end, Optional<UUID> told) {
        Duration patience = config.reportTimeout();
        return end.unreached()
                ? claims.unreached(
                        tx, item, end.state(), told, end.detail(), patience.compareTo(BUSY) < 0 ? patience : BUSY,
                        patience)
                : claims.ran(tx, item, end.state(), told, end.detail(), end.again());
    }

    private End attempt(ItemWork work, Job job, JobItem item) {
        try {
            return switch (work.run(context(job, item), job, item)) {
                case ItemWork.Ended.Sent(UUID entry) ->
                    new End(State.RUNNING, Optional.of(entry), AWAITED, Duration.ZERO);
                case ItemWork.Ended.Applied applied -> applied(item, applied);
                case ItemWork.Ended.Changed changed -> End.of(State.SKIPPED, changed.detail());
                case ItemWork.Ended.Held held -> held(held.detail());
                case ItemWork.Ended.Stops(String host) -> stops(item, host);
                case ItemWork.Ended.Later later -> later(later.detail());
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

    private End held(String detail) {
        return new End(State.HELD, Optional.empty(), detail, config.heldInterval());
    }

    private static End later(String detail) {
        return new End(State.WAITING, Optional.empty(), detail, BUSY);
    }

    /** From here on it is owed to the instance that it runs again; the item waits until it is stopped. */
    private End stops(JobItem item, String host) {
        String instance = item.instanceId().orElseThrow();
        InstanceStopTable.Wanted wanted =
                database.cinder().transaction(tx -> stops.want(tx, item.job(), instance, host));
        return switch (wanted) {
            case UNDER_WAY -> held("instance " + instance + " is being stopped; it is started again afterwards");
            case LATER -> later("instance " + instance + " is being stopped or started for something else");
            case NO_MORE -> held("instance " + instance + " is not stopped, and this job does not stop it any more:"
                    + " refreshed when it is stopped");
        };
    }

    /** What the journal says counts: a report may have come already, or is waited for still. */
    private End applied(JobItem item, ItemWork.Ended.Applied applied) {
        Optional<JournalEntry> entry = entry(item);
        State state = entry.map(JournalEntry::state).map(JobItems::state).orElse(State.DONE);
        String detail = state == State.DONE
                ? applied.detail()
                : entry.flatMap(JournalEntry::outcome).orElse(AWAITED);
        return new End(state, applied.journal(), Secrets.maskedText(detail), Duration.ZERO);
    }

    /** How one that is not done has ended is settled as for those that are told of later: by the journal. */
    private static State state(JournalEntry.State entry) {
        return switch (entry) {
            case DONE -> State.DONE;
            case OPEN, UNKNOWN, FAILED, UNDONE, SUPERSEDED -> State.RUNNING;
        };
    }

    private End ended(JobItem item, ServiceException failure) {
        return switch (failure) {
            case ServiceException.Unknown _ -> End.of(State.UNKNOWN, text(failure));
            case ServiceException.Conflict _ when isBusy(item)
                    || (failure.code() == ErrorCode.LOCK_HELD && entry(item).isEmpty()) ->
                new End(State.WAITING, Optional.empty(), text(failure), BUSY);
            case ServiceException.Unavailable _ when isUntouched(item) -> End.unreached(State.FAILED, text(failure));
            case ServiceException.Conflict _ when failure.code() == ErrorCode.EVIDENCE_UNKNOWN && isUntouched(item) ->
                End.unreached(State.SKIPPED, text(failure));
            case ServiceException.Conflict _,ServiceException.Invalid _,ServiceException.NotFound _ ->
                entry(item).filter(entry -> entry.state() == JournalEntry.State.FAILED).isPresent()
                        ? End.of(State.FAILED, text(failure))
                        : End.of(State.SKIPPED, text(failure));
            case ServiceException.NotImplemented _,ServiceException.Failed _,ServiceException.Unavailable _ ->
                End.of(State.FAILED, text(failure));
        };
    }

    /** Whether nothing of it is done, nor under way. */
    private boolean isUntouched(JobItem item) {
        return entry(item).filter(entry -> entry.state() != JournalEntry.State.UNDONE).isEmpty();
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
