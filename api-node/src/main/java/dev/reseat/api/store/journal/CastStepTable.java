package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import dev.reseat.contract.Secrets;
import dev.reseat.contract.step.StepOutcome;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Steps of journal entries that were cast, in the Cinder database. An entry that waits for a report belongs to nobody;
 * every change here writes its row first, so that an admission, a report and a reconciler come one after the other,
 * also on different nodes of a database cluster.
 * Stateless.
 */
public final class CastStepTable {
    /** SQL: whether the row of table {@code journal} waits for a report, whose time is not over. */
    static final String WAITING = "EXISTS (SELECT 1 FROM reseat.cast_step c WHERE c.entry = journal.id"
            + " AND c.epoch = journal.epoch AND journal.owner = 0 AND c.reported_at IS NULL"
            + " AND c.due_at > CURRENT_TIMESTAMP(6))";
    private static final String GIVEN_AWAY = "journal.owner = 0 AND journal.state IN ('open', 'unknown')";
    private static final List<String> KEYS = List.of("entry", "step", "epoch");
    private static final String KEY = "entry = :id AND step = :step AND epoch = :epoch";

    /**
     * Writes that a step is about to be cast, and gives the entry away: from here on the claim does not hold.
     *
     * @param within until it is due, by the database's clock; rounded up to whole seconds
     * @return false if the claim did not hold; nothing was changed
     */
    public boolean send(Transaction tx, Claim claim, String step, Duration within, Instant at) {
        int given = tx.handle()
                .createUpdate("UPDATE reseat.journal SET owner = 0 WHERE " + JournalTable.CLAIMED)
                .bind("id", claim.entry())
                .bind("owner", claim.owner())
                .bind("epoch", claim.epoch())
                .execute();
        if (given == 0) {
            return false;
        }
        keyed(tx.handle()
                .createUpdate("INSERT INTO reseat.cast_step (entry, step, epoch, sent_at, due_at)"
                        + " VALUES (:id, :step, :epoch, :at, CURRENT_TIMESTAMP(6) + INTERVAL '"
                        + within.plusMillis(999).toSeconds() + "' SECOND)"),
                claim.entry(), step, claim.epoch())
                .bind("at", at)
                .execute();
        return true;
    }

    /** Writes the first steps of entries that are opened, and given away, with them. */
    public void sendAll(Transaction tx, List<CastStepKey> keys, Duration within, Instant at) {
        String rows = IntStream.range(0, keys.size())
                .mapToObj(n -> "(:entry%1$d, :step%1$d, :epoch%1$d, :at, CURRENT_TIMESTAMP(6) + INTERVAL '%2$d' SECOND)"
                        .formatted(n, within.plusMillis(999).toSeconds()))
                .collect(Collectors.joining(", "));
        Update insert = tx.handle()
                .createUpdate("INSERT INTO reseat.cast_step (entry, step, epoch, sent_at, due_at) VALUES " + rows)
                .bind("at", at);
        for (int i = 0; i < keys.size(); i++) {
            insert.bind("entry" + i, keys.get(i).entry())
                    .bind("step" + i, keys.get(i).step())
                    .bind("epoch" + i, keys.get(i).epoch());
        }
        insert.execute();
    }

    /**
     * Which workers may act: their steps wait for their reports in those epochs, and their time is not over. A yes is
     * kept.
     *
     * @return those of the keys
     */
    public Set<CastStepKey> admit(Transaction tx, List<CastStepKey> keys, Instant at) {
        tx.handle()
                .createUpdate("UPDATE reseat.journal SET turn = turn + 1 WHERE id IN (<entries>) AND " + GIVEN_AWAY)
                .bindList("entries", keys.stream().map(CastStepKey::entry).distinct().toList())
                .execute();
        String open = "(entry, step, epoch) IN (<keys>) AND reported_at IS NULL AND due_at > CURRENT_TIMESTAMP(6)"
                + " AND EXISTS (SELECT 1 FROM reseat.journal WHERE journal.id = cast_step.entry"
                + " AND journal.epoch = cast_step.epoch AND " + GIVEN_AWAY + ")";
        tx.handle()
                .createUpdate("UPDATE reseat.cast_step SET admitted_at = COALESCE(admitted_at, :at) WHERE " + open)
                .bindMethodsList("keys", keys, KEYS)
                .bind("at", at)
                .execute();
        return new HashSet<>(tx.handle()
                .createQuery(
                        "SELECT entry, step, epoch FROM reseat.cast_step WHERE admitted_at IS NOT NULL AND " + open)
                .bindMethodsList("keys", keys, KEYS)
                .map((result, context) -> key(new Row(result)))
                .list());
    }

    private static CastStepKey key(Row row) throws SQLException {
        return new CastStepKey(row.uuid("entry"), row.text("step"), row.number("epoch"));
    }

    /**
     * Keeps what workers tell, each of another entry that waits for just that, and takes these over.
     *
     * @return the entries, in the new epoch; empty if not all of them wait so: the transaction must not commit
     */
    public Optional<Map<UUID, JournalEntry>> reportAll(
            Transaction tx, List<CastReport> reports, long own, Instant at) {
        List<CastStepKey> keys = reports.stream().map(CastReport::key).toList();
        int taken = tx.handle()
                .createUpdate("UPDATE reseat.journal SET owner = :own, epoch = epoch + 1, state = 'open'"
                        + " WHERE (id, epoch) IN (<keys>) AND " + GIVEN_AWAY)
                .bind("own", own)
                .bindMethodsList("keys", keys, List.of("entry", "epoch"))
                .execute();
        return taken == reports.size() && keepAll(tx, reports, at)
                ? Optional.of(JournalTable.byId(tx, keys.stream().map(CastStepKey::entry).toList()))
                : Optional.empty();
    }

    private static boolean keepAll(Transaction tx, List<CastReport> reports, Instant at) {
        List<CastStepKey> keys = reports.stream().map(CastReport::key).toList();
        Update kept = tx.handle()
                .createUpdate("UPDATE reseat.cast_step SET reported_at = :at, outcome = " + each(reports, "outcome")
                        + ", detail = " + each(reports, "detail") + ", result = CAST(" + each(reports, "result")
                        + " AS <jsonb>) WHERE (entry, step, epoch) IN (<keys>) AND reported_at IS NULL")
                .bindMethodsList("keys", keys, KEYS)
                .bind("at", at);
        for (int i = 0; i < reports.size(); i++) {
            CastStepRow told = reports.get(i).told();
            kept.bind("of" + i, reports.get(i).entry())
                    .bind("outcome" + i, told.outcome().orElseThrow().text())
                    .bind("detail" + i, told.detail().map(Secrets::maskedText).orElse(null))
                    .bind("result" + i, told.resultJson().map(Secrets::maskedJson).orElse(null));
        }
        return kept.execute() == reports.size();
    }

    /** SQL: for each entry its own value. */
    private static String each(List<CastReport> reports, String value) {
        return IntStream.range(0, reports.size())
                .mapToObj(n -> "WHEN :of%2$d THEN :%1$s%2$d".formatted(value, n))
                .collect(Collectors.joining(" ", "CASE entry ", " END"));
    }

    /**
     * Keeps what a worker tells of a step, if nobody has told it before, and takes the entry over if it still waits for
     * just that.
     *
     * @return the entry, in the new epoch; empty if somebody else goes on with it, or it is settled
     */
    public Optional<JournalEntry> report(
            Transaction tx, UUID entry, CastStepRow told, long own, Instant at) {
        boolean waits = isGivenAway(tx, entry, told.epoch());
        int kept = keyed(tx.handle()
                .createUpdate("UPDATE reseat.cast_step SET reported_at = :at, outcome = :outcome, detail = :detail,"
                        + " result = CAST(:result AS <jsonb>) WHERE " + KEY + " AND reported_at IS NULL"),
                entry, told.step(), told.epoch())
                .bind("at", at)
                .bind("outcome", told.outcome().orElseThrow().text())
                .bind("detail", told.detail().map(Secrets::maskedText).orElse(null))
                .bind("result", told.resultJson().map(Secrets::maskedJson).orElse(null))
                .execute();
        if (!waits || kept == 0) {
            return Optional.empty();
        }
        tx.handle()
                .createUpdate("UPDATE reseat.journal SET owner = :own, epoch = epoch + 1, state = 'open'"
                        + " WHERE id = :id")
                .bind("own", own)
                .bind("id", entry)
                .execute();
        return JournalTable.row(tx, entry);
    }

    /**
     * Takes an entry over that waits for a report, before its time is over: no worker is admitted from here on.
     *
     * @return the new claim; empty if the entry does not wait
     */
    public Optional<Claim> withdraw(Transaction tx, UUID entry, long own) {
        int withdrawn = tx.handle()
                .createUpdate("UPDATE reseat.journal SET owner = :own, epoch = epoch + 1, state = 'open'"
                        + " WHERE id = :id AND state IN ('open', 'unknown') AND " + WAITING)
                .bind("own", own)
                .bind("id", entry)
                .execute();
        return withdrawn == 0
                ? Optional.empty()
                : Optional.of(new Claim(entry, own, tx.handle()
                        .createQuery("SELECT epoch FROM reseat.journal WHERE id = :id")
                        .bind("id", entry)
                        .mapTo(long.class)
                        .one()));
    }

    /** What is known of a step that was cast in that epoch. */
    public Optional<CastStepRow> find(Transaction tx, UUID entry, String step, long epoch) {
        return keyed(tx.handle().createQuery("SELECT * FROM reseat.cast_step WHERE " + KEY), entry, step, epoch)
                .map((result, context) -> cast(new Row(result)))
                .findOne();
    }

    /** Keeps the entry as it is until the transaction ends. */
    private static boolean isGivenAway(Transaction tx, UUID entry, long epoch) {
        return tx.handle()
                .createUpdate(
                        "UPDATE reseat.journal SET turn = turn + 1 WHERE id = :id AND epoch = :epoch AND "
                                + GIVEN_AWAY)
                .bind("id", entry)
                .bind("epoch", epoch)
                .execute() == 1;
    }

    private static <S extends SqlStatement<S>> S keyed(S statement, UUID entry, String step, long epoch) {
        return statement.bind("id", entry).bind("step", step).bind("epoch", epoch);
    }

    private static CastStepRow cast(Row row) throws SQLException {
        return new CastStepRow(
                row.text("step"),
                row.number("epoch"),
                row.optionalTime("admitted_at").isPresent(),
                row.optionalText("outcome").map(StepOutcome::parse),
                row.optionalText("detail"),
                row.optionalText("result"));
    }
}
