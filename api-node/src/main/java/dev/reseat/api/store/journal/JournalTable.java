package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.JournalEntry.Kind;
import dev.reseat.api.store.journal.JournalEntry.State;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.Secrets;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What repairs intend and how far they got, in the Cinder database. At most one entry of a volume is unsettled.
 * Whatever is written to an entry is fenced by a {@link Claim}. JSON is stored as {@code jsonb}: it comes back equal,
 * not letter by letter. No secret is stored: what is written here is masked here, so whoever needs a secret later reads
 * it where it came from. Stateless.
 */
public final class JournalTable {
    private static final String SELECT = "SELECT * FROM reseat.journal ";
    static final String CLAIMED = "id = :id AND owner = :owner AND epoch = :epoch"
            + " AND state IN ('open', 'unknown') AND " + LeaseTable.ALIVE;
    private static final String ADOPTABLE =
            "(owner = :own OR NOT " + LeaseTable.ALIVE + ") AND NOT " + CastStepTable.WAITING;

    @Inject
    public JournalTable() {}

    /**
     * Writes the intention.
     *
     * @throws StoreException.Conflict if an entry of that subject is unsettled; the message names it. The
     *     transaction can go on
     */
    public void open(Transaction tx, JournalEntry entry) {
        int inserted = tx.handle()
                .createUpdate("""
                        INSERT INTO reseat.journal (id, kind, subject_id, mapping_id, request_id, user_id, project_id, \
                        reason,
                            request, before, owner, epoch, opened_at, state, outcome, closed_at)
                        VALUES (:id, :kind, :subject, :mapping, :requestId, :userId, :projectId, :reason,
                            CAST(:request AS jsonb), CAST(:before AS jsonb), :owner, :epoch, :openedAt, :state,
                            :outcome, :closedAt)
                        ON CONFLICT (subject_id) WHERE state IN ('open', 'unknown') DO NOTHING
                        """)
                .bind("id", entry.id())
                .bind("kind", word(entry.kind()))
                .bind("subject", entry.subjectId())
                .bind("mapping", entry.mappingId().orElse(null))
                .bind("requestId", entry.requestId())
                .bind("userId", entry.userId())
                .bind("projectId", entry.projectId())
                .bind("reason", entry.reason().map(Secrets::maskedText).orElse(null))
                .bind("request", Secrets.maskedJson(entry.requestJson()))
                .bind("before", Secrets.maskedJson(entry.beforeJson()))
                .bind("owner", entry.owner())
                .bind("epoch", entry.epoch())
                .bind("openedAt", entry.openedAt())
                .bind("state", word(entry.state()))
                .bind("outcome", entry.outcome().map(Secrets::maskedText).orElse(null))
                .bind("closedAt", entry.closedAt().orElse(null))
                .execute();
        if (inserted == 0) {
            throw busy(tx, entry);
        }
    }

    /**
     * Adds a line to an entry's story.
     *
     * @return false if the claim does not hold any more; nothing was changed
     */
    public boolean step(Transaction tx, Claim claim, String step, Phase phase, String detailJson, Instant at) {
        if (!holds(tx, claim)) {
            return false;
        }
        tx.handle()
                .createUpdate("INSERT INTO reseat.journal_step (entry, step, phase, detail, at)"
                        + " VALUES (:entry, :step, :phase, CAST(:detail AS jsonb), :at)")
                .bind("entry", claim.entry())
                .bind("step", step)
                .bind("phase", word(phase))
                .bind("detail", Secrets.maskedJson(detailJson))
                .bind("at", at)
                .execute();
        return true;
    }

    /**
     * Whether the claim holds: the entry is unsettled, of this owner and epoch, and the owner's lease has not run out.
     * Until the transaction ends nobody else can adopt or settle the entry.
     */
    public boolean holds(Transaction tx, Claim claim) {
        return bound(
                tx.handle().createQuery("SELECT id FROM reseat.journal WHERE " + CLAIMED + " FOR UPDATE"), claim)
                .mapTo(UUID.class)
                .findOne()
                .isPresent();
    }

    /**
     * Settles an entry. A process uses this in the transaction of its other changes, and rolls them back if the answer
     * is no: it may have been replaced while it was cut off from the database.
     *
     * @param state a final one
     * @return false if the claim does not hold any more; nothing was changed
     */
    public boolean close(Transaction tx, Claim claim, State state, String outcome, Instant at) {
        if (!state.isFinal()) {
            throw new IllegalArgumentException("not a final state: " + state);
        }
        return bound(
                tx.handle()
                        .createUpdate("UPDATE reseat.journal SET state = :state, outcome = :outcome, closed_at = :at"
                                + " WHERE " + CLAIMED),
                claim)
                .bind("state", word(state))
                .bind("outcome", Secrets.maskedText(outcome))
                .bind("at", at)
                .execute() == 1;
    }

    /**
     * An entry becomes unknown: its owner gives it up to the reconciler.
     *
     * @param outcome what is not known
     * @return false if the claim does not hold any more; nothing was changed
     */
    public boolean markUnknown(Transaction tx, Claim claim, String outcome, Instant at) {
        return bound(
                tx.handle()
                        .createUpdate("UPDATE reseat.journal SET state = 'unknown', outcome = :outcome,"
                                + " unknown_at = COALESCE(unknown_at, :at) WHERE " + CLAIMED),
                claim)
                .bind("outcome", Secrets.maskedText(outcome))
                .bind("at", at)
                .execute() == 1;
    }

    /**
     * The unsettled entries of the one who asks and of owners whose lease has run out; oldest first. Those of another
     * living process are its own business, unknown ones too: so no two of them ask the same peer at the same time. What
     * waits for a report is left out until the time for it is over.
     *
     * @param own who asks: which of its own entries it works on at the moment, it knows best
     */
    public List<UUID> unsettled(Transaction tx, long own) {
        return tx.handle()
                .createQuery("SELECT id FROM reseat.journal WHERE state IN ('open', 'unknown') AND " + ADOPTABLE
                        + " ORDER BY opened_at, id")
                .bind("own", own)
                .mapTo(UUID.class)
                .list();
    }

    /** Resets of unknown outcome give way to one that does not need to know. */
    public void supersedeUnknownReset(Transaction tx, String volumeId, Instant at) {
        tx.handle()
                .createUpdate("UPDATE reseat.journal SET state = 'superseded', closed_at = :at"
                        + " WHERE kind = 'reset' AND subject_id = :subject AND state = 'unknown'")
                .bind("subject", volumeId)
                .bind("at", at)
                .execute();
    }

    /** The block device mapping that an unsettled refresh of a volume changes. */
    public Optional<String> mappingUnderRepair(Transaction tx, String volumeId) {
        return tx.handle()
                .createQuery("SELECT mapping_id FROM reseat.journal WHERE subject_id = :volume AND kind = 'refresh'"
                        + " AND state IN ('open', 'unknown')")
                .bind("volume", volumeId)
                .mapTo(String.class)
                .findOne();
    }

    /** All that is open or unknown, whoever works on it. */
    public int countUnsettled(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM reseat.journal WHERE state IN ('open', 'unknown')")
                .mapTo(int.class)
                .one();
    }

    /**
     * Takes an unsettled entry over, open again and in a new epoch: one's own, or one whose owner's lease has run out.
     *
     * @return the new claim; empty if the entry is settled, or somebody else's: hands off
     */
    public Optional<Claim> adopt(Transaction tx, UUID entry, long own) {
        int adopted = tx.handle()
                .createUpdate("UPDATE reseat.journal SET owner = :own, epoch = epoch + 1, state = 'open'"
                        + " WHERE id = :id AND state IN ('open', 'unknown') AND " + ADOPTABLE)
                .bind("id", entry)
                .bind("own", own)
                .execute();
        return adopted == 1 ? find(tx, entry).map(JournalEntry::claim) : Optional.empty();
    }

    public Optional<JournalEntry> find(Transaction tx, UUID entry) {
        return entries(tx.handle().createQuery(SELECT + "WHERE id = :id").bind("id", entry)).stream().findFirst();
    }

    /** The latest entries about a volume or block device mapping, latest first; a refresh is about both. */
    public List<JournalEntry> ofSubject(Transaction tx, String subjectId, int limit) {
        return entries(tx.handle()
                .createQuery(SELECT + "WHERE subject_id = :subject OR mapping_id = :subject"
                        + " ORDER BY opened_at DESC, id LIMIT :limit")
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

    private static <S extends SqlStatement<S>> S bound(S statement, Claim claim) {
        return statement.bind("id", claim.entry()).bind("owner", claim.owner()).bind("epoch", claim.epoch());
    }

    private static StoreException.Conflict busy(Transaction tx, JournalEntry entry) {
        String other = entries(tx.handle()
                .createQuery(SELECT
                        + "WHERE subject_id = :subject AND state IN ('open', 'unknown')")
                .bind("subject", entry.subjectId()))
                .stream()
                .findFirst()
                .map(busy -> ": journal entry " + busy.id() + ", a " + word(busy.kind()) + ", " + word(busy.state())
                        + ", begun " + busy.openedAt()
                        + " by request " + busy.requestId())
                .orElse("");
        return new StoreException.Conflict(
                "another repair of " + entry.subjectId() + " is not settled yet" + other);
    }

    private static List<JournalEntry> entries(Query query) {
        return query.map((result, context) -> entry(new Row(result))).list();
    }

    private static JournalEntry entry(Row row) throws SQLException {
        return new JournalEntry(
                row.uuid("id"),
                Kind.valueOf(name(row.text("kind"))),
                row.text("subject_id"),
                row.optionalText("mapping_id"),
                row.text("request_id"),
                row.text("user_id"),
                row.text("project_id"),
                row.optionalText("reason"),
                row.text("request"),
                row.text("before"),
                row.number("owner"),
                row.number("epoch"),
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
