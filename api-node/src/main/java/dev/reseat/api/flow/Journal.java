package dev.reseat.api.flow;

import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.ServiceException;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is about to be done, and what came of it, each committed before and after it happens. Details are shown to
 * operators: no secrets go in. Thread-safe.
 */
public final class Journal {
    private final Database database;
    private final JournalTable table;
    private final ProcessLeases owners;
    private final InstantSource clock;
    private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();

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
     * @throws ServiceException.Conflict if the same thing is being repaired already
     */
    public Entry open(RequestContext context, JournalEntry.Kind kind, String subject, Optional<String> reason,
            Object request, Object before) {
        var row = new JournalEntry(
                UUID.randomUUID(),
                kind,
                subject,
                context.requestId().orElse("-"),
                context.userId().orElse(""),
                context.projectId().orElse(""),
                reason,
                JsonText.of(request),
                JsonText.of(before),
                owners.own(),
                clock.instant(),
                JournalEntry.State.OPEN,
                Optional.empty(),
                Optional.empty());
        inHand.add(row.id());
        try {
            database.cinder().run(tx -> table.open(tx, row));
            return new Entry(row.id());
        } catch (StoreException.Conflict e) {
            inHand.remove(row.id());
            throw new ServiceException.Conflict(
                    "Another repair of " + subject + " is under way, or its outcome is not known yet.",
                    "reseat journal show " + subject);
        } catch (StoreException e) {
            inHand.remove(row.id());
            throw e;
        }
    }

    /** For a repair that does not ask anybody: what is not known of an earlier one no longer matters. */
    public void supersedeUnknown(JournalEntry.Kind kind, String subject) {
        database.cinder().run(tx -> table.supersedeUnknown(tx, kind, subject, clock.instant()));
    }

    /** Entries whose process is gone, or whose outcome is unknown, and that nobody here works on. */
    public List<JournalEntry> unsettled() {
        return database.cinder()
                .transaction(tx -> table.unsettled(tx, owners.own()))
                .stream()
                .filter(entry -> !inHand.contains(entry.id()))
                .toList();
    }

    /** Takes an unsettled entry over; empty if another process was faster. */
    public Optional<Entry> adopt(JournalEntry row) {
        if (!inHand.add(row.id())) {
            return Optional.empty();
        }
        try {
            if (database.cinder().transaction(tx -> table.adopt(tx, row.id(), row.owner(), owners.own()))) {
                return Optional.of(new Entry(row.id()));
            }
        } catch (StoreException e) {
            inHand.remove(row.id());
            throw e;
        }
        inHand.remove(row.id());
        return Optional.empty();
    }

    /** One intention that this process works on. */
    public final class Entry implements AutoCloseable {
        private final UUID id;

        private Entry(UUID id) {
            this.id = id;
        }

        public UUID id() {
            return id;
        }

        public void step(String step, Phase phase, Map<String, Object> detail) {
            database.cinder().run(tx -> table.step(tx, id, step, phase, JsonText.of(detail), clock.instant()));
        }

        /** @param state a final one */
        public void settle(JournalEntry.State state, String outcome) {
            database.cinder().run(tx -> settle(tx, state, outcome));
        }

        /**
         * As part of the transaction that makes the outcome true.
         *
         * @param state a final one
         * @throws ServiceException.Conflict if another process has taken the entry over: the transaction must not commit
         */
        public void settle(Transaction tx, JournalEntry.State state, String outcome) {
            if (!table.close(tx, id, owners.own(), state, outcome, clock.instant())) {
                throw new ServiceException.Conflict(
                        "Another process has taken this repair over; journal entry " + id + " tells what came of it.");
            }
        }

        /** Nobody can say now what came of it: from here on it is the reconciler's. */
        public void leaveUnknown(String why) {
            database.cinder().run(tx -> table.markUnknown(tx, id, why, clock.instant()));
        }

        public boolean has(String step, Phase phase) {
            return database.cinder()
                    .transaction(tx -> table.steps(tx, id))
                    .stream()
                    .anyMatch(row -> row.step().equals(step) && row.phase() == phase);
        }

        /** Lets go of it. */
        @Override
        public void close() {
            inHand.remove(id);
        }
    }
}
