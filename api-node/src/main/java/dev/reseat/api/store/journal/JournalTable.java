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
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * What repairs intend and how far they got, in the Cinder database. At most one entry of a volume is unsettled.
 * Whatever is written to an entry is fenced by a {@link Claim}. JSON comes back equal,
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
        if (!openAll(tx, List.of(entry))) {
            throw busy(tx, entry);
        }
    }

    /**
     * Writes several intentions at once, each of another subject.
     *
     * @return false if an entry of one of the subjects is unsettled: the transaction must not commit
     */
    public boolean openAll(Transaction tx, List<JournalEntry> entries) {
        String rows = IntStream.range(0, entries.size()).mapToObj(JournalTable::row).collect(Collectors.joining(", "));
        Update insert = tx.handle()
                .createUpdate("INSERT INTO reseat.journal (id, kind, subject_id, mapping_id, request_id, user_id,"
                        + " project_id, reason, request, \"before\", owner, epoch, opened_at, state, outcome,"
                        + " closed_at) VALUES " + rows + " <unless_unsettled>");
        for (int i = 0; i < entries.size(); i++) {
            bind(insert, entries.get(i), i);
        }
        int inserted = insert.execute();
        return entries.size() == switch (tx.dialect()) {
            case POSTGRESQL -> inserted;
            case MARIADB -> count(tx, entries); // there one that was there is counted too
        };
    }

    private static int count(Transaction tx, List<JournalEntry> entries) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM reseat.journal WHERE id IN (<ids>)")
                .bindList("ids", entries.stream().map(JournalEntry::id).toList())
                .mapTo(int.class)
                .one();
    }

    private static String row(int n) {
        return ("(:id%1$d, :kind%1$d, :subject%1$d, :mapping%1$d, :requestId%1$d, :userId%1$d, :projectId%1$d,"
                + " :reason%1$d, CAST(:request%1$d AS <jsonb>), CAST(:before%1$d AS <jsonb>), :owner%1$d, :epoch%1$d,"
                + " :openedAt%1$d, :state%1$d, :outcome%1$d, :closedAt%1$d)").formatted(n);
    }

    private static void bind(Update insert, JournalEntry entry, int n) {
        insert.bind("id" + n, entry.id())
                .bind("kind" + n, word(entry.kind()))
                .bind("subject" + n, entry.subjectId())
                .bind("mapping" + n, entry.mappingId().orElse(null))
                .bind("requestId" + n, entry.requestId())
                .bind("userId" + n, entry.userId())
                .bind("projectId" + n, entry.projectId())
                .bind("reason" + n, entry.reason().map(Secrets::maskedText).orElse(null))
                .bind("request" + n, Secrets.maskedJson(entry.requestJson()))
                .bind("before" + n, Secrets.maskedJson(entry.beforeJson()))
                .bind("owner" + n, entry.owner())
                .bind("epoch" + n, entry.epoch())
                .bind("openedAt" + n, entry.openedAt())
                .bind("state" + n, word(entry.state()))
                .bind("outcome" + n, entry.outcome().map(Secrets::maskedText).orElse(null))
                .bind("closedAt" + n, entry.closedAt().orElse(null));
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
        tell(tx, List.of(new JournalStep(claim.entry(), step, phase, detailJson, at)));
        return true;
    }

    /**
     * Adds lines to entries' stories, in one statement; by who has seen in this transaction that the claim holds.
     *
     * @return as they are stored
     */
    public List<JournalStep> tell(Transaction tx, List<JournalStep> lines) {
        List<JournalStep> masked = lines.stream().map(JournalStep::masked).toList();
        if (masked.isEmpty()) {
            return masked;
        }
        String rows = IntStream.range(0, masked.size()).mapToObj(JournalTable::line).collect(Collectors.joining(", "));
        Update insert = tx.handle()
                .createUpdate("INSERT INTO reseat.journal_step (entry, step, phase, detail, at) VALUES " + rows);
        for (int i = 0; i < masked.size(); i++) {
            insert.bind("entry" + i, masked.get(i).entry())
                    .bind("step" + i, masked.get(i).step())
                    .bind("phase" + i, word(masked.get(i).phase()))
                    .bind("detail" + i, masked.get(i).detailJson())
                    .bind("at" + i, masked.get(i).at());
        }
        insert.execute();
        return masked;
    }

    private static String line(int n) {
        return "(:entry%1$d, :step%1$d, :phase%1$d, CAST(:detail%1$d AS <jsonb>), :at%1$d)".formatted(n);
    }

    /**
     * Whether the claim holds: the entry is unsettled, of this owner and epoch, and the owner's lease has not run out.
     * Until the transaction ends nobody else can adopt or settle the entry.
     */
    public boolean holds(Transaction tx, Claim claim) {
        return bound(
                tx.handle().createUpdate("UPDATE reseat.journal SET turn = turn + 1 WHERE " + CLAIMED), claim)
                .execute() == 1;
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

    /** Repairs of unknown outcome give way to one that does not need to know. */
    public void supersedeUnknown(Transaction tx, Set<Kind> kinds, String volumeId, Instant at) {
        tx.handle()
                .createUpdate("UPDATE reseat.journal SET state = 'superseded', closed_at = :at"
                        + " WHERE kind IN (<kinds>) AND subject_id = :subject AND state = 'unknown'")
                .bindList("kinds", kinds.stream().map(JournalTable::word).toList())
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
        return row(tx, entry);
    }

    /** The same of many; those that there are not are not in it. */
    public Map<UUID, JournalEntry> findAll(Transaction tx, Collection<UUID> ids) {
        return byId(tx, ids);
    }

    static Map<UUID, JournalEntry> byId(Transaction tx, Collection<UUID> ids) {
        return entries(tx.handle()
                .createQuery(SELECT + "WHERE id IN (<ids>)")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(ids)))
                .stream()
                .collect(Collectors.toMap(JournalEntry::id, entry -> entry));
    }

    static Optional<JournalEntry> row(Transaction tx, UUID entry) {
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

    /** The same of many entries, one story after the other in no order. */
    public List<JournalStep> steps(Transaction tx, Collection<UUID> entries) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.journal_step WHERE entry IN (<ids>) ORDER BY id")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(entries))
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
