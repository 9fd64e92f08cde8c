package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.JournalEntry.Kind;
import dev.reseat.api.store.journal.JournalEntry.State;
import dev.reseat.api.store.journal.JournalStep.Phase;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * What repairs intend and how far they got, in the Cinder database. At most one entry per kind and subject is
 * unsettled. JSON is stored as {@code jsonb}: it comes back equal, not letter by letter. Stateless.
 */
public final class JournalTable {
    private static final String SELECT = "SELECT * FROM reseat.journal ";

    @Inject
    public JournalTable() {}

    /**
     * Writes the intention.
     *
     * @throws StoreException.Conflict if an entry of that kind and subject is unsettled; the message names it. The
     *     transaction can go on
     */
    public void open(Transaction tx, JournalEntry entry) {
        int inserted = tx.handle()
                .createUpdate("""
                        INSERT INTO reseat.journal (id, kind, subject_id, request_id, user_id, project_id, reason,
                            request, before, owner, opened_at, state, outcome, closed_at)
                        VALUES (:id, :kind, :subject, :requestId, :userId, :projectId, :reason,
                            CAST(:request AS jsonb), CAST(:before AS jsonb), :owner, :openedAt, :state, :outcome,
                            :closedAt)
                        ON CONFLICT (kind, subject_id) WHERE state IN ('open', 'unknown') DO NOTHING
                        """)
                .bind("id", entry.id())
                .bind("kind", word(entry.kind()))
                .bind("subject", entry.subjectId())
                .bind("requestId", entry.requestId())
                .bind("userId", entry.userId())
                .bind("projectId", entry.projectId())
                .bind("reason", entry.reason().orElse(null))
                .bind("request", entry.requestJson())
                .bind("before", entry.beforeJson())
                .bind("owner", entry.owner())
                .bind("openedAt", entry.openedAt())
                .bind("state", word(entry.state()))
                .bind("outcome", entry.outcome().orElse(null))
                .bind("closedAt", entry.closedAt().orElse(null))
                .execute();
        if (inserted == 0) {
            throw busy(tx, entry);
        }
    }

    /** Adds a line to an entry's story. */
    public void step(Transaction tx, UUID entry, String step, Phase phase, String detailJson, Instant at) {
        tx.handle()
                .createUpdate("INSERT INTO reseat.journal_step (entry, step, phase, detail, at)"
                        + " VALUES (:entry, :step, :phase, CAST(:detail AS jsonb), :at)")
                .bind("entry", entry)
                .bind("step", step)
                .bind("phase", word(phase))
                .bind("detail", detailJson)
                .bind("at", at)
                .execute();
    }

    /**
     * Settles an entry that is not settled, whoever owns it.
     *
     * @param state a final one
     * @return false if it was settled before; nothing was changed
     */
    public boolean close(Transaction tx, UUID entry, State state, String outcome, Instant at) {
        return settle(tx, "", entry, state, outcome, at).execute() == 1;
    }

    /**
     * Settles an entry that is not settled and still belongs to this owner. A process whose entries may have been
     * adopted while it was cut off from the database uses this one, in the transaction of its other changes, and rolls
     * them back if the answer is no.
     *
     * @param state a final one
     * @return false if it was settled or adopted before; nothing was changed
     */
    public boolean close(Transaction tx, UUID entry, long owner, State state, String outcome, Instant at) {
        return settle(tx, " AND owner = :owner", entry, state, outcome, at).bind("owner", owner).execute() == 1;
    }

    /**
     * An open entry becomes unknown: its owner gives it up to the reconciler.
     *
     * @param outcome what is not known
     * @return false if it was not open
     */
    public boolean markUnknown(Transaction tx, UUID entry, String outcome, Instant at) {
        return tx.handle()
                .createUpdate("UPDATE reseat.journal SET state = 'unknown', outcome = :outcome, unknown_at = :at"
                        + " WHERE id = :id AND state = 'open'")
                .bind("id", entry)
                .bind("outcome", outcome)
                .bind("at", at)
                .execute() == 1;
    }

    /**
     * An unknown entry becomes open again: its owner goes on with it.
     *
     * @return false if it was not unknown, or belongs to somebody else
     */
    public boolean reopen(Transaction tx, UUID entry, long owner) {
        return tx.handle()
                .createUpdate("UPDATE reseat.journal SET state = 'open', outcome = NULL, unknown_at = NULL"
                        + " WHERE id = :id AND state = 'unknown' AND owner = :owner")
                .bind("id", entry)
                .bind("owner", owner)
                .execute() == 1;
    }

    /**
     * The unsettled entries of the one who asks and of owners that are not alive; oldest first. Those of another living
     * process are its own business, unknown ones too: so no two of them ask the same peer at the same time.
     *
     * @param own who asks: which of its own entries it works on at the moment, it knows best
     */
    public List<JournalEntry> unsettled(Transaction tx, long own) {
        return entries(tx.handle()
                .createQuery(SELECT + "WHERE state IN ('open', 'unknown') AND (owner = :own OR NOT "
                        + ProcessLeases.HELD + ")"
                        + " ORDER BY opened_at, id")
                .bind("own", own));
    }

    /** Entries of unknown outcome give way to a repair that does not need to know. */
    public void supersedeUnknown(Transaction tx, JournalEntry.Kind kind, String subjectId, Instant at) {
        tx.handle()
                .createUpdate("UPDATE reseat.journal SET state = 'superseded', closed_at = :at"
                        + " WHERE kind = :kind AND subject_id = :subject AND state = 'unknown'")
                .bind("kind", word(kind))
                .bind("subject", subjectId)
                .bind("at", at)
                .execute();
    }

    /** All that is open or unknown, whoever works on it. */
    public int countUnsettled(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM reseat.journal WHERE state IN ('open', 'unknown')")
                .mapTo(int.class)
                .one();
    }

    /**
     * Takes an unsettled entry over.
     *
     * @return false if it is settled or another one took it first: hands off
     */
    public boolean adopt(Transaction tx, UUID entry, long oldOwner, long newOwner) {
        return tx.handle()
                .createUpdate("UPDATE reseat.journal SET owner = :newOwner"
                        + " WHERE id = :id AND owner = :oldOwner AND state IN ('open', 'unknown')")
                .bind("id", entry)
                .bind("oldOwner", oldOwner)
                .bind("newOwner", newOwner)
                .execute() == 1;
    }

    public Optional<JournalEntry> find(Transaction tx, UUID entry) {
        return entries(tx.handle().createQuery(SELECT + "WHERE id = :id").bind("id", entry)).stream().findFirst();
    }

    /** The latest entries about a volume or block device mapping, latest first. */
    public List<JournalEntry> ofSubject(Transaction tx, String subjectId, int limit) {
        return entries(tx.handle()
                .createQuery(SELECT + "WHERE subject_id = :subject ORDER BY opened_at DESC, id LIMIT :limit")
                .bind("subject", subjectId)
                .bind("limit", limit));
    }

    /** An entry's story in the order it was written. */
    public List<JournalStep> steps(Transaction tx, UUID entry) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.journal_step WHERE entry = :entry ORDER BY id")
                .bind("entry", entry)
                .map((result, context) -> step(new Row(result)))
                .list();
    }

    private static Update settle(
            Transaction tx, String further, UUID entry, State state, String outcome, Instant at) {
        if (!state.isFinal()) {
            throw new IllegalArgumentException("not a final state: " + state);
        }
        return tx.handle()
                .createUpdate("UPDATE reseat.journal SET state = :state, outcome = :outcome, closed_at = :at"
                        + " WHERE id = :id AND state IN ('open', 'unknown')" + further)
                .bind("id", entry)
                .bind("state", word(state))
                .bind("outcome", outcome)
                .bind("at", at);
    }

    private static StoreException.Conflict busy(Transaction tx, JournalEntry entry) {
        String other = entries(tx.handle()
                .createQuery(SELECT
                        + "WHERE kind = :kind AND subject_id = :subject AND state IN ('open', 'unknown')")
                .bind("kind", word(entry.kind()))
                .bind("subject", entry.subjectId()))
                .stream()
                .findFirst()
                .map(busy -> ": journal entry " + busy.id() + ", " + word(busy.state()) + ", begun " + busy.openedAt()
                        + " by request " + busy.requestId())
                .orElse("");
        return new StoreException.Conflict(
                "another " + word(entry.kind()) + " of " + entry.subjectId() + " is not settled yet" + other);
    }

    private static List<JournalEntry> entries(Query query) {
        return query.map((result, context) -> entry(new Row(result))).list();
    }

    private static JournalEntry entry(Row row) throws SQLException {
        return new JournalEntry(
                row.uuid("id"),
                Kind.valueOf(name(row.text("kind"))),
                row.text("subject_id"),
                row.text("request_id"),
                row.text("user_id"),
                row.text("project_id"),
                row.optionalText("reason"),
                row.text("request"),
                row.text("before"),
                row.number("owner"),
                row.time("opened_at"),
                State.valueOf(name(row.text("state"))),
                row.optionalText("outcome"),
                row.optionalTime("closed_at"));
    }

    private static JournalStep step(Row row) throws SQLException {
        return new JournalStep(
                row.uuid("entry"),
                row.text("step"),
                Phase.valueOf(name(row.text("phase"))),
                row.text("detail"),
                row.time("at"));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String name(String word) {
        return word.toUpperCase(Locale.ROOT);
    }
}
