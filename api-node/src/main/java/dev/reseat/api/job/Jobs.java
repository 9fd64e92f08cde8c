package dev.reseat.api.job;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.model.JobItemDraft;
import dev.reseat.api.model.JobSelector;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.Force;
import dev.reseat.api.service.GuestsOverAddresses;
import dev.reseat.api.service.StateRequest;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.job.InstanceStopTable;
import dev.reseat.api.store.job.JobItemTable;
import dev.reseat.api.store.job.JobTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Bulk repairs as operators make, read and steer them. Whatever is written here, any api-node's worker carries out. */
public final class Jobs {
    private static final int SHOWN_FAILURES = 5;
    private static final int SHOWN_OWED = 50;
    private static final int RATE_SECONDS = 60;
    private static final Set<State> NOT_BEGUN =
            EnumSet.of(State.NEW, State.PLANNING, State.PLANNED, State.REFUSED, State.WAITING, State.HELD);

    private final Database database;
    private final JobTable jobs;
    private final JobItemTable items;
    private final InstanceStopTable stops;
    private final JobSelection selection;
    private final JobItems works;
    private final JobWorker worker;
    private final GuestsOverAddresses guests;
    private final InstantSource clock;

    @Inject
    Jobs(
            Database database, JobTable jobs, JobItemTable items, InstanceStopTable stops, JobSelection selection,
            JobItems works, JobWorker worker, GuestsOverAddresses guests, InstantSource clock) {
        this.database = database;
        this.jobs = jobs;
        this.items = items;
        this.stops = stops;
        this.selection = selection;
        this.works = works;
        this.worker = worker;
        this.guests = guests;
        this.clock = clock;
    }

    /**
     * Selects and stores; the sources of each item are asked from here on, and nothing is repaired before it is
     * applied.
     *
     * @throws ServiceException with no job made: the selector asks for nothing, selects nothing, or too much
     */
    public JobStatus create(RequestContext context, JobRequest request) {
        return create(context, request, (_, _) -> {});
    }

    private JobStatus create(RequestContext context, JobRequest request, BiConsumer<Transaction, UUID> together) {
        checkAction(request.action());
        JobSelection.Selected selected = selection.select(request.selector(), request.action());
        List<String> notes = new ArrayList<>(selected.notes());
        if (!request.selector().addresses().isEmpty()) {
            notes.addAll(guests.sentences(context, request.selector().addresses()));
        }
        if (selected.items().isEmpty()) {
            throw new ServiceException.NotFound("The selector selects nothing; no job was made."
                    + (notes.isEmpty() ? "" : " " + String.join(". ", notes) + "."));
        }
        checkShare(request, selected.items());
        List<JobItemDraft> taken = inOrder(request, selected.items());
        if (request.limit().orElse(Integer.MAX_VALUE) < taken.size()) {
            notes.add(taken.size() + " are selected, " + request.limit().getAsInt() + " of them taken (limit)");
            taken = taken.subList(0, request.limit().getAsInt());
        }
        return store(context, job(context, request, notes), taken, together);
    }

    /** Those of one instance after each other, if it is to be stopped once for all of them. */
    private static List<JobItemDraft> inOrder(JobRequest request, List<JobItemDraft> selected) {
        return switch (request.stopStart()) {
            case NEVER -> selected;
            case IF_RUNNING -> selected.stream()
                    .sorted(Comparator.comparing(draft -> draft.instanceId().orElse("")))
                    .toList();
        };
    }

    /**
     * The same of what a client has sent, the body of {@code POST /reseat/v1/jobs}.
     *
     * @throws ServiceException.Invalid if it cannot be read
     */
    public JobStatus create(RequestContext context, Map<String, Object> body) {
        return create(context, JobOrder.read(body));
    }

    /**
     * The same.
     *
     * @param together what is written if the job is, and only then
     */
    public JobStatus create(
            RequestContext context, Map<String, Object> body, BiConsumer<Transaction, UUID> together) {
        return create(context, JobOrder.read(body), together);
    }

    private static Job job(RequestContext context, JobRequest request, List<String> notes) {
        return new Job(
                UUID.randomUUID(), request.action(), JsonText.of(request.selector()),
                request.reset().<String>map(JsonText::of).orElseGet(request.stopStart()::requestJson), request.limits(),
                notes, Optional.empty(),
                context.requestId().orElse("-"), context.userId().orElse(""), context.projectId().orElse(""),
                request.reason(), Job.State.PLANNING, Optional.empty(), request.apply(), 0, request.notBefore(),
                Instant.EPOCH, Optional.empty(), Optional.empty());
    }

    private JobStatus store(
            RequestContext context, Job job, List<JobItemDraft> drafts, BiConsumer<Transaction, UUID> together) {
        database.cinder().run(tx -> {
            jobs.insert(tx, job);
            items.insert(tx, job.id(), drafts);
            together.accept(tx, job.id());
        });
        worker.announce(context, job.id(), drafts.size());
        return show(job.id().toString());
    }

    /**
     * A job that gives the items of another one the status back that they had. Only those that were done, have an exact
     * inverse, and are still as they were left.
     *
     * @throws ServiceException.Conflict if there is no such item
     */
    public JobStatus undo(RequestContext context, String id, Optional<String> reason) {
        Job before = find(id);
        if (before.action() != Job.Action.RESET) {
            throw new ServiceException.Conflict("Job " + id + " cannot be undone: a " + word(before.action())
                    + " has no exact inverse.");
        }
        List<JobItem> done = new ArrayList<>();
        forEachItem(before.id(), Set.of(State.DONE), done::add);
        StateRequest asked = JsonText.read(before.requestJson(), StateRequest.class);
        Map<String, String> now = selection.statuses(done.stream().map(JobItem::volumeId).toList());
        List<JobItemDraft> back = done.stream()
                .filter(item -> item.inverse().isPresent())
                .filter(item -> item.target().or(asked::status).equals(Optional.ofNullable(now.get(item.volumeId()))))
                .map(item -> new JobItemDraft(
                        item.volumeId(), item.mappingId(), item.instanceId(), item.host(), item.backend(),
                        item.inverse()))
                .toList();
        if (back.isEmpty()) {
            throw new ServiceException.Conflict("Job " + id + " cannot be undone: of its " + done.size()
                    + " items that are done none has an exact inverse and is still as the job has left it.");
        }
        List<String> notes = back.size() == done.size()
                ? List.of()
                : List.of(done.size() - back.size() + " of " + done.size() + " items cannot be undone");
        String why = reason.orElse("undo of job " + id);
        StateRequest request = new StateRequest(
                back.getFirst().target(), Optional.empty(), Optional.empty(), Set.<Force>of(), Optional.of(why));
        Set<String> ids = back.stream().map(JobItemDraft::volumeId).collect(Collectors.toSet());
        Job job = new Job(
                UUID.randomUUID(), Job.Action.RESET, JsonText.of(JobSelector.of(ids)), JsonText.of(request),
                before.limits(), notes, Optional.of(before.id()), context.requestId().orElse("-"),
                context.userId().orElse(""), context.projectId().orElse(""), Optional.of(why), Job.State.PLANNING,
                Optional.empty(), false, 0, Optional.empty(), Instant.EPOCH, Optional.empty(), Optional.empty());
        return store(context, job, back, (_, _) -> {});
    }

    /** @throws ServiceException.NotFound if there is none */
    public JobStatus show(String id) {
        Job job = find(id);
        return database.cinder().transaction(tx -> status(tx, job));
    }

    /** The latest, latest first. */
    public List<JobStatus> latest(int limit) {
        return database.cinder()
                .transaction(tx -> jobs.latest(tx, limit).stream().map(job -> status(tx, job)).toList());
    }

    /** One page of items. */
    public List<JobItem> items(String id, Set<State> states, int after, int limit) {
        Job job = find(id);
        return database.cinder().transaction(tx -> items.page(tx, job.id(), states, after, limit));
    }

    /** Asks all sources again, for what has not begun. */
    public JobStatus plan(RequestContext context, String id) {
        return steer(context, id, (tx, job) -> {
            items.moveAll(tx, job.id(), List.of(State.PLANNED, State.REFUSED, State.HELD), State.NEW, Optional.empty());
            move(tx, job, EnumSet.of(Job.State.PLANNED), Job.State.PLANNING, Optional.empty());
        });
    }

    /**
     * Lets it begin. A plan that is no longer fresh is made again first; what has changed since is skipped.
     *
     * @throws ServiceException.Conflict if it is not planned, or not yet
     */
    public JobStatus apply(RequestContext context, String id) {
        return steer(context, id, (tx, job) -> {
            if (job.state() == Job.State.PLANNED && items.anyStale(tx, job.id())) {
                items.moveAll(tx, job.id(), List.of(State.PLANNED, State.REFUSED), State.NEW, Optional.empty());
            }
            // with nothing new it is planned at once, by the next look at it
            move(tx, job, EnumSet.of(Job.State.PLANNED), Job.State.PLANNING, Optional.empty());
            jobs.apply(tx, job.id());
        });
    }

    /** Nothing more begins; what is in flight ends. */
    public JobStatus pause(RequestContext context, String id, Optional<String> reason) {
        return steer(context, id, (tx, job) -> move(tx, job, EnumSet.of(Job.State.RUNNING), Job.State.PAUSED, reason));
    }

    /** Also one that a limit has stopped; failures are counted from here on. */
    public JobStatus resume(RequestContext context, String id) {
        return steer(context, id, (tx, job) -> {
            move(tx, job, EnumSet.of(Job.State.PAUSED, Job.State.STOPPED), Job.State.RUNNING, Optional.empty());
            if (job.state() == Job.State.STOPPED && job.released() == job.limits().canary()) {
                jobs.release(tx, job.id(), job.limits().next(job.released())); // whoever resumes has seen the canaries
            }
        });
    }

    /** What has not begun is skipped, for good; what is in flight ends. */
    public JobStatus cancel(RequestContext context, String id, Optional<String> reason) {
        return steer(context, id, (tx, job) -> {
            move(tx, job, EnumSet.complementOf(EnumSet.of(Job.State.CANCELLED, Job.State.DONE)), Job.State.CANCELLED,
                    reason);
            items.moveAll(tx, job.id(), NOT_BEGUN, State.SKIPPED, Optional.of("the job was cancelled"));
        });
    }

    /** What has failed, or was left because somebody could not be asked, is planned and tried once more. */
    public JobStatus retryFailed(RequestContext context, String id) {
        return steer(context, id, (tx, job) -> {
            if (items.any(tx, job.id(), EnumSet.of(State.RUNNING, State.UNKNOWN))) {
                throw new ServiceException.Conflict(
                        "Job " + job.id() + " has items in flight; pause it and wait until they have ended.",
                        "reseat job pause " + job.id());
            }
            if (items.retryFailed(tx, job.id()) == 0) {
                throw new ServiceException.Conflict(
                        "Job " + job.id() + " has no failed items, and none that were left because"
                                + " somebody could not be asked.");
            }
            items.moveAll(tx, job.id(), List.of(State.WAITING), State.NEW, Optional.empty());
            stops.renew(tx, job.id());
            move(tx, job, EnumSet.of(Job.State.DONE, Job.State.PAUSED, Job.State.STOPPED), Job.State.PLANNING,
                    Optional.empty());
            jobs.apply(tx, job.id());
        });
    }

    /** Every item, in order, without holding all of them at once. */
    public void forEachItem(UUID job, Set<State> states, Consumer<JobItem> taker) {
        int after = -1;
        List<JobItem> page;
        do {
            int from = after;
            page = database.cinder().transaction(tx -> items.page(tx, job, states, from, 1000));
            page.forEach(taker);
            after = page.isEmpty() ? after : page.getLast().position();
        } while (!page.isEmpty());
    }

    private JobStatus steer(RequestContext context, String id, BiConsumer<Transaction, Job> change) {
        UUID job = find(id).id();
        database.cinder().run(tx -> change.accept(tx, jobs.lock(tx, job).orElseThrow()));
        worker.announce(context, job, 1);
        return show(id);
    }

    private void move(Transaction tx, Job job, Set<Job.State> from, Job.State to, Optional<String> why) {
        if (!jobs.move(tx, job.id(), from, to, why)) {
            throw new ServiceException.Conflict(
                    "Job " + job.id() + " is " + word(job.state()) + "; for that it must be "
                            + from.stream().map(Jobs::word).collect(Collectors.joining(" or ")) + ".");
        }
    }

    private void checkAction(Job.Action action) {
        if (!works.canDo(action)) {
            throw new ServiceException.NotImplemented(
                    "This api-node knows no job that does " + word(action) + ".", "reseat job create --help");
        }
    }

    private void checkShare(JobRequest request, List<JobItemDraft> drafts) {
        if (request.maxShare().isEmpty()) {
            return;
        }
        Map<String, Long> perBackend = drafts.stream()
                .filter(draft -> draft.backend().isPresent())
                .collect(Collectors.groupingBy(draft -> draft.backend().get(), Collectors.counting()));
        perBackend.forEach((backend, count) -> {
            int all = selection.countOn(backend);
            if (count > request.maxShare().getAsDouble() * all) {
                throw new ServiceException.Conflict("No job was made: it would take " + count + " of the " + all
                        + " volumes of backend " + backend + ", more than the share of "
                        + request.maxShare().getAsDouble() * 100 + " % that was allowed.");
            }
        });
    }

    private JobStatus status(Transaction tx, Job job) {
        Map<State, Integer> counts = items.count(tx, job.id());
        int seconds = job.appliedAt()
                .map(at -> Math.clamp(Duration.between(at, clock.instant()).toSeconds(), 1, RATE_SECONDS))
                .orElse(RATE_SECONDS);
        int ended = job.state() == Job.State.RUNNING ? items.endedWithin(tx, job.id(), seconds) : 0;
        long left = (long) counts.getOrDefault(State.WAITING, 0) + counts.getOrDefault(State.RUNNING, 0);
        return new JobStatus(
                job, counts,
                ended == 0 ? OptionalDouble.empty() : OptionalDouble.of(ended * 60.0 / seconds),
                ended == 0 ? OptionalLong.empty() : OptionalLong.of(left * seconds / ended),
                items.lastFailed(tx, job.id(), SHOWN_FAILURES),
                job.action() == Job.Action.REFRESH ? stops.count(tx, job.id()) : Map.of(),
                job.action() == Job.Action.REFRESH ? stops.owed(tx, job.id(), SHOWN_OWED) : List.of());
    }

    private Job find(String id) {
        return parsed(id)
                .flatMap(uuid -> database.cinder().transaction(tx -> jobs.find(tx, uuid)))
                .orElseThrow(() -> new ServiceException.NotFound("Job " + id + " could not be found."));
    }

    private static Optional<UUID> parsed(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
