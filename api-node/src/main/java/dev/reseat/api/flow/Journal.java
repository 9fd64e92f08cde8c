package dev.reseat.api.flow;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.CastReport;
import dev.reseat.api.store.journal.CastStepKey;
import dev.reseat.api.store.journal.CastStepRow;
import dev.reseat.api.store.journal.CastStepTable;
import dev.reseat.api.store.journal.Claim;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What is about to be done, and what came of it, each committed before and after it happens. Details are shown to
 * operators: no secrets go in. Thread-safe.
 */
public final class Journal {
    private static final String CAST_EPOCH = "cast_epoch";
    private static final long NOBODY = 0;

    private final Database database;
    private final JournalTable table;
    private final ProcessLeases owners;
    private final InstantSource clock;
    private final CastStepTable casts = new CastStepTable();
    private final JournalTogether together;
    /** How often: who has cast a step may not have let go yet when the report is worked on here. */
    private final Map<UUID, Integer> inHand = new ConcurrentHashMap<>();

    @Inject
    public Journal(Database database, JournalTable table, ProcessLeases owners, InstantSource clock) {
        this.database = database;
        this.table = table;
        this.owners = owners;
        this.clock = clock;
        this.together = new JournalTogether(database, table, owners, clock);
    }

    /**
     * Writes the intention. Until the returned entry is closed as a resource, this process works on it; what it leaves
     * open then, for whatever reason, is the reconciler's.
     *
     * @throws ServiceException.Conflict if the volume is being repaired already
     */
    public Entry open(RequestContext context, Intention intention) {
        return write(row(context, intention, owners.own()), _ -> {});
    }

    /** The same where it no longer matters what earlier ones of these kinds came to, of which that is not known. */
    public Entry openOverUnknown(RequestContext context, Intention intention, Set<JournalEntry.Kind> kinds) {
        return write(
                row(context, intention, owners.own()),
                tx -> table.supersedeUnknown(tx, kinds, intention.volumeId(), clock.instant()));
    }

    /**
     * The same together with the first step, which is to be cast: from here on nobody may write the entry until a
     * report comes or its time is over.
     *
     * @param told what was done before, and what is to be told of it
     */
    public Entry openWithCast(
            RequestContext context, Intention intention, Map<String, Map<String, Object>> told, String step,
            Duration within) {
        JournalEntry row = row(context, intention, NOBODY);
        List<JournalStep> lines = new ArrayList<>();
        told.forEach((done, detail) -> lines.add(line(row.id(), done, Phase.DONE, detail)));
        lines.add(line(row.id(), step, Phase.BEGUN, cast(row.epoch(), within)));
        return opening(row, () -> {
            together.open(new JournalTogether.FirstCast(row, step, within, lines));
            var claim = new Claim(row.id(), owners.own(), row.epoch());
            return new Entry(claim, Optional.of(row), Story.unread(), Optional.of(CastStepRow.sent(step, row.epoch())));
        });
    }

    private JournalStep line(UUID entry, String step, Phase phase, Map<String, Object> detail) {
        return new JournalStep(entry, step, phase, JsonText.of(detail), clock.instant());
    }

    private static Map<String, Object> cast(long epoch, Duration within) {
        return Map.of(CAST_EPOCH, epoch, "due_in_seconds", within.toSeconds());
    }

    private JournalEntry row(RequestContext context, Intention intention, long owner) {
        return new JournalEntry(
                UUID.randomUUID(), intention.kind(), intention.volumeId(), intention.mappingId(),
                context.requestId().orElse("-"), context.userId().orElse(""), context.projectId().orElse(""),
                intention.reason(), JsonText.of(intention.request()), JsonText.of(intention.before()), owner, 1,
                clock.instant(), JournalEntry.State.OPEN, Optional.empty(), Optional.empty());
    }

    /** Entries whose process is gone, or whose outcome is unknown, and that nobody here works on; oldest first. */
    public List<UUID> unsettled() {
        return database.cinder()
                .transaction(tx -> table.unsettled(tx, owners.own()))
                .stream()
                .filter(id -> !inHand.containsKey(id))
                .toList();
    }

    /**
     * Takes an unsettled entry over, in a new epoch: whoever worked on it before can write it no more.
     *
     * @return empty if another process was faster
     */
    public Optional<Entry> adopt(UUID id) {
        if (inHand.putIfAbsent(id, 1) != null) {
            return Optional.empty();
        }
        return orLetGo(
                id, () -> database.cinder()
                        .transaction(tx -> table.adopt(tx, id, owners.own()))
                        .map(claim -> new Entry(claim, Optional.empty(), Story.unread(), Optional.empty())));
    }

    /**
     * Whether the worker of a step that was cast may act: the step still waits for its report, in that epoch. A yes is
     * kept, so that it is known later whether the worker may have acted.
     */
    boolean admit(UUID id, String step, long epoch) {
        return together.admit(new CastStepKey(id, step, epoch));
    }

    /**
     * Keeps what the worker of a step that was cast has told, and takes the entry over if it waits for that. Of several
     * reports of one step the first counts.
     *
     * @return empty if somebody else goes on with it, or nobody has to
     */
    Optional<Entry> reported(UUID id, CastStepRow told) {
        return takenBy(
                id, () -> together.report(new CastReport(id, told))
                        .map(row -> new Entry(row.claim(), Optional.of(row), Story.unread(), Optional.of(told))));
    }

    /**
     * Takes an entry over that waits for the report of a step that was cast, before it is due: the worker is not
     * admitted any more. Whether it was before, {@link FlowRunner} writes into the entry's story when it goes on.
     *
     * @return empty if it does not wait
     */
    public Optional<Entry> withdraw(UUID id) {
        return takenBy(
                id, () -> database.cinder()
                        .transaction(tx -> casts.withdraw(tx, id, owners.own()))
                        .map(claim -> new Entry(claim, Optional.empty(), Story.unread(), Optional.empty())));
    }

    private Optional<Entry> takenBy(UUID id, Supplier<Optional<Entry>> taking) {
        take(id);
        return orLetGo(id, taking);
    }

    private Optional<Entry> orLetGo(UUID id, Supplier<Optional<Entry>> taking) {
        Optional<Entry> taken = Optional.empty();
        try {
            taken = taking.get();
            return taken;
        } finally {
            if (taken.isEmpty()) {
                letGo(id);
            }
        }
    }

    private void take(UUID id) {
        inHand.merge(id, 1, Integer::sum);
    }

    private void letGo(UUID id) {
        inHand.computeIfPresent(id, (_, times) -> times > 1 ? times - 1 : null);
    }

    /** An entry as it is stored. */
    public Optional<JournalEntry> find(UUID id) {
        return together.find(id);
    }

    private Entry write(JournalEntry row, Consumer<Transaction> before) {
        return opening(row, () -> {
            database.cinder().run(tx -> {
                before.accept(tx);
                table.open(tx, row);
            });
            return new Entry(row.claim(), Optional.of(row), Story.untold(), Optional.empty());
        });
    }

    private Entry opening(JournalEntry row, Supplier<Entry> open) {
        take(row.id());
        try {
            return open.get();
        } catch (StoreException e) {
            letGo(row.id());
            if (e instanceof StoreException.Conflict) {
                throw new ServiceException.Conflict(
                        ErrorCode.LOCK_HELD,
                        "Another repair of " + row.subjectId() + " is under way, or its outcome is not known yet.",
                        "reseat journal show " + row.subjectId());
            }
            throw e;
        }
    }

    /** What is to be written before a repair begins. Holds no secrets. */
    public record Intention(
            JournalEntry.Kind kind, String volumeId, Optional<String> mappingId, Optional<String> reason,
            Object request, Object before) {}

    /** One intention that this process works on, as long as its claim holds. For one thread. */
    public final class Entry implements AutoCloseable {
        private final Optional<JournalEntry> taken;
        private final Optional<CastStepRow> reported;
        private final Story story;
        private Claim claim; // another one after a cast that was not sent

        private Entry(Claim claim, Optional<JournalEntry> taken, Story story, Optional<CastStepRow> reported) {
            this.claim = claim;
            this.taken = taken;
            this.story = story;
            this.reported = reported;
        }

        public UUID id() {
            return claim.entry();
        }

        /** As it is stored, but for what has been written since it was opened or taken over. */
        JournalEntry row() {
            return taken.or(() -> find(id())).orElseThrow();
        }

        /**
         * Returns when it is stored.
         *
         * @throws NotOwner if the claim does not hold any more; so does every other write
         */
        public void step(String step, Phase phase, Map<String, Object> detail) {
            later(step, phase, detail);
            write(tx -> table.holds(tx, claim));
        }

        /**
         * The same for what nobody has to know before the next thing that is written: it is stored with that. Lost if
         * this process ends before.
         */
        public void later(String step, Phase phase, Map<String, Object> detail) {
            story.add(line(id(), step, phase, detail));
        }

        /** @param state a final one */
        public void settle(JournalEntry.State state, String outcome) {
            database.cinder().run(tx -> settle(tx, state, outcome));
        }

        /**
         * As part of the transaction that makes the outcome true.
         *
         * @param state a final one
         * @throws NotOwner if the claim does not hold any more: the transaction must not commit
         */
        public void settle(Transaction tx, JournalEntry.State state, String outcome) {
            if (!table.close(tx, claim, state, outcome, clock.instant())) {
                throw new NotOwner(id());
            }
            table.tell(tx, story.pending()); // they stay pending: only who commits knows that they are stored
        }

        /**
         * Writes that a step is being cast: from here on nobody may write the entry, until a report comes or its time
         * is over. Then whoever goes on does so with an entry of its own.
         *
         * @param within until the report is due
         * @return what the worker is told
         * @throws NotOwner if the claim does not hold any more
         */
        CastStepRow cast(String step, Duration within) {
            later(step, Phase.BEGUN, Journal.cast(claim.epoch(), within));
            write(tx -> casts.send(tx, claim, step, within, clock.instant()));
            story.doubt(); // others tell it from here on
            return CastStepRow.sent(step, claim.epoch());
        }

        /** The step that this was opened with. */
        CastStepRow firstCast() {
            return reported.orElseThrow();
        }

        /** It was not sent after all: the entry is this one's again, in a new epoch. @throws NotOwner if it is not */
        void takeBack(CastStepRow cast) {
            CastStepRow unsent = cast.told(StepOutcome.SKIPPED, "not sent");
            claim = database.cinder()
                    .transaction(tx -> casts.report(tx, id(), unsent, owners.own(), clock.instant()))
                    .map(JournalEntry::claim)
                    .orElseThrow(() -> new NotOwner(id()));
        }

        /** The latest attempt at a step, if it was cast and the story does not tell yet how it ended. */
        Optional<CastStepRow> unsettledCast(String step) {
            return lines().stream()
                    .filter(row -> row.step().equals(step))
                    .reduce((_, later) -> later)
                    .filter(last -> last.phase() == Phase.BEGUN)
                    .map(last -> JsonText.map(last.detailJson()).get(CAST_EPOCH))
                    .flatMap(epoch -> cast(step, ((Number) epoch).longValue()));
        }

        private Optional<CastStepRow> cast(String step, long epoch) {
            return reported.filter(told -> told.step().equals(step) && told.epoch() == epoch)
                    .or(() -> database.cinder().transaction(tx -> casts.find(tx, id(), step, epoch)));
        }

        /**
         * Whether a step was cast, and its worker certainly did nothing of it: it was never admitted, or said so. To be
         * asked by who has taken the entry over, before the story tells how the step ended.
         */
        public boolean castInVain(String step) {
            return unsettledCast(step)
                    .filter(cast -> cast.outcome()
                            .map(outcome -> outcome == StepOutcome.SKIPPED)
                            .orElse(!cast.admitted()))
                    .isPresent();
        }

        /** Nobody can say now what came of it: from here on it is the reconciler's. */
        public void leaveUnknown(String why) {
            write(tx -> table.markUnknown(tx, claim, why, clock.instant()));
        }

        public boolean has(String step, Phase phase) {
            return count(step, phase) > 0;
        }

        /** Whether a step may have left traces: it was begun, and not every time without having run at all. */
        public boolean mayHaveRun(String step) {
            return count(step, Phase.BEGUN) > count(step, Phase.SKIPPED);
        }

        /** What was written of a step when it was done last. */
        public Optional<Map<String, Object>> detail(String step) {
            return lines().reversed()
                    .stream()
                    .filter(row -> row.step().equals(step) && row.phase() == Phase.DONE)
                    .findFirst()
                    .map(row -> JsonText.map(row.detailJson()));
        }

        /** Lets go of it. */
        @Override
        public void close() {
            letGo(id());
        }

        private long count(String step, Phase phase) {
            return lines().stream().filter(row -> row.step().equals(step) && row.phase() == phase).count();
        }

        private List<JournalStep> lines() {
            return story.lines(() -> together.story(id()));
        }

        /** Both that, which sees that the claim holds, and what is pending, or neither. */
        private void write(Predicate<Transaction> fenced) {
            try {
                story.wrote(database.cinder().transaction(tx -> {
                    if (!fenced.test(tx)) {
                        throw new NotOwner(id());
                    }
                    return table.tell(tx, story.pending());
                }));
            } catch (StoreException e) {
                story.doubt();
                throw e;
            }
        }
    }
}
