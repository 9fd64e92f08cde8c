package dev.reseat.api.flow;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.CastStepRow;
import dev.reseat.api.store.journal.CastStepTable;
import dev.reseat.api.store.journal.Claim;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Database database;
    private final JournalTable table;
    private final ProcessLeases owners;
    private final InstantSource clock;
    private final CastStepTable casts = new CastStepTable();
    /** How often: who has cast a step may not have let go yet when the report is worked on here. */
    private final Map<UUID, Integer> inHand = new ConcurrentHashMap<>();

    @Inject
    public Journal(Database database, JournalTable table, ProcessLeases owners, InstantSource clock) {
        this.database = database;
        this.table = table;
        this.owners = owners;
        this.clock = clock;
    }

    /**
     * Writes the intention. Until the returned entry is closed as a resource, this process works on it; what it leaves
     * open then, for whatever reason, is the reconciler's.
     *
     * @throws ServiceException.Conflict if the volume is being repaired already
     */
    public Entry open(RequestContext context, Intention intention) {
        return write(row(context, intention), _ -> {});
    }

    /**
     * The same for a reset that does not ask the driver, once nothing else stands in its way: what is not known of an
     * earlier one no longer matters.
     */
    public Entry openOverUnknown(RequestContext context, Intention intention) {
        return write(
                row(context, intention),
                tx -> table.supersedeUnknownReset(tx, intention.volumeId(), clock.instant()));
    }

    private JournalEntry row(RequestContext context, Intention intention) {
        return new JournalEntry(
                UUID.randomUUID(),
                intention.kind(),
                intention.volumeId(),
                intention.mappingId(),
                context.requestId().orElse("-"),
                context.userId().orElse(""),
                context.projectId().orElse(""),
                intention.reason(),
                JsonText.of(intention.request()),
                JsonText.of(intention.before()),
                owners.own(),
                1,
                clock.instant(),
                JournalEntry.State.OPEN,
                Optional.empty(),
                Optional.empty());
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
        Optional<Entry> adopted = Optional.empty();
        try {
            adopted = database.cinder().transaction(tx -> table.adopt(tx, id, owners.own())).map(Entry::new);
            return adopted;
        } finally {
            if (adopted.isEmpty()) {
                letGo(id);
            }
        }
    }

    /**
     * Whether the worker of a step that was cast may act: the step still waits for its report, in that epoch. A yes is
     * kept, so that it is known later whether the worker may have acted.
     */
    boolean admit(UUID id, String step, long epoch) {
        return database.cinder().transaction(tx -> casts.admit(tx, id, step, epoch, clock.instant()));
    }

    /**
     * Keeps what the worker of a step that was cast has told, and takes the entry over if it waits for that. Of several
     * reports of one step the first counts.
     *
     * @return empty if somebody else goes on with it, or nobody has to
     */
    Optional<Entry> reported(UUID id, CastStepRow told) {
        return takenBy(
                id, () -> database.cinder()
                        .transaction(tx -> casts.report(tx, id, told, owners.own(), clock.instant())));
    }

    /**
     * Takes an entry over that waits for the report of a step that was cast, before it is due: the worker is not
     * admitted any more. Whether it was before, {@link FlowRunner} writes into the entry's story when it goes on.
     *
     * @return empty if it does not wait
     */
    public Optional<Entry> withdraw(UUID id) {
        return takenBy(id, () -> database.cinder().transaction(tx -> casts.withdraw(tx, id, owners.own())));
    }

    private Optional<Entry> takenBy(UUID id, Supplier<Optional<Claim>> taking) {
        take(id);
        Optional<Entry> taken = Optional.empty();
        try {
            taken = taking.get().map(Entry::new);
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
        return database.cinder().transaction(tx -> table.find(tx, id));
    }

    private Entry write(JournalEntry row, Consumer<Transaction> before) {
        take(row.id());
        try {
            database.cinder().run(tx -> {
                before.accept(tx);
                table.open(tx, row);
            });
            return new Entry(row.claim());
        } catch (StoreException.Conflict e) {
            letGo(row.id());
            throw new ServiceException.Conflict(
                    ErrorCode.LOCK_HELD,
                    "Another repair of " + row.subjectId() + " is under way, or its outcome is not known yet.",
                    "reseat journal show " + row.subjectId());
        } catch (StoreException e) {
            letGo(row.id());
            throw e;
        }
    }

    /** What is to be written before a repair begins. Holds no secrets. */
    public record Intention(
            JournalEntry.Kind kind,
            String volumeId,
            Optional<String> mappingId,
            Optional<String> reason,
            Object request,
            Object before) {}

    /** One intention that this process works on, as long as its claim holds. */
    public final class Entry implements AutoCloseable {
        private Claim claim; // another one after a cast that was not sent

        private Entry(Claim claim) {
            this.claim = claim;
        }

        public UUID id() {
            return claim.entry();
        }

        /** @throws NotOwner if the claim does not hold any more; so does every other write */
        public void step(String step, Phase phase, Map<String, Object> detail) {
            String json = JsonText.of(detail);
            fenced(tx -> table.step(tx, claim, step, phase, json, clock.instant()));
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
            String detail = JsonText.of(Map.of(CAST_EPOCH, claim.epoch(), "due_in_seconds", within.toSeconds()));
            fenced(tx -> table.step(tx, claim, step, Phase.BEGUN, detail, clock.instant())
                    && casts.send(tx, claim, step, within, clock.instant()));
            return new CastStepRow(step, claim.epoch(), false, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** It was not sent after all: the entry is this one's again, in a new epoch. @throws NotOwner if it is not */
        void takeBack(CastStepRow cast) {
            var unsent = new CastStepRow(
                    cast.step(), cast.epoch(), false, Optional.of(StepOutcome.SKIPPED), Optional.of("not sent"),
                    Optional.empty());
            claim = database.cinder()
                    .transaction(tx -> casts.report(tx, id(), unsent, owners.own(), clock.instant()))
                    .orElseThrow(() -> new NotOwner(id()));
        }

        /** The latest attempt at a step, if it was cast and the story does not tell yet how it ended. */
        Optional<CastStepRow> unsettledCast(String step) {
            return database.cinder()
                    .transaction(tx -> table.steps(tx, id())
                            .stream()
                            .filter(row -> row.step().equals(step))
                            .reduce((_, later) -> later)
                            .filter(last -> last.phase() == Phase.BEGUN)
                            .map(last -> JsonText.map(last.detailJson()).get(CAST_EPOCH))
                            .flatMap(epoch -> casts.find(tx, id(), step, ((Number) epoch).longValue())));
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
            fenced(tx -> table.markUnknown(tx, claim, why, clock.instant()));
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
            return database.cinder()
                    .transaction(tx -> table.steps(tx, id()))
                    .reversed()
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
            return database.cinder()
                    .transaction(tx -> table.steps(tx, id()))
                    .stream()
                    .filter(row -> row.step().equals(step) && row.phase() == phase)
                    .count();
        }

        private void fenced(Predicate<Transaction> write) {
            database.cinder().run(tx -> {
                if (!write.test(tx)) {
                    throw new NotOwner(id());
                }
            });
        }
    }
}
