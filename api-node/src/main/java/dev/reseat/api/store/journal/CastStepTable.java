package dev.reseat.api.store.journal;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import dev.reseat.contract.Secrets;
import dev.reseat.contract.step.StepOutcome;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Steps of journal entries that were cast, in the Cinder database. An entry that waits for a report belongs to nobody;
 * every change here locks its row first, so that an admission, a report and a reconciler come one after the other.
 * Stateless.
 */
public final class CastStepTable {
    /** SQL: whether the row of table {@code journal} waits for a report, whose time is not over. */
    static final String WAITING = "EXISTS (SELECT 1 FROM reseat.cast_step c WHERE c.entry = journal.id"
            + " AND c.epoch = journal.epoch AND journal.owner = 0 AND c.reported_at IS NULL"
            + " AND c.due_at > CURRENT_TIMESTAMP)";
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
                        + " VALUES (:id, :step, :epoch, :at, CURRENT_TIMESTAMP + INTERVAL '"
                        + within.plusMillis(999).toSeconds() + "' SECOND)"),
                claim.entry(), step, claim.epoch())
                .bind("at", at)
                .execute();
        return true;
    }

    /**
     * Whether a worker may act: the step waits for its report in that epoch, and its time is not over. A yes is kept.
     */
    public boolean admit(Transaction tx, UUID entry, String step, long epoch, Instant at) {
        return isGivenAway(tx, entry, epoch)
                && keyed(tx.handle()
                        .createUpdate("UPDATE reseat.cast_step SET admitted_at = COALESCE(admitted_at, :at) WHERE "
                                + KEY + " AND reported_at IS NULL AND due_at > CURRENT_TIMESTAMP"),
                        entry, step, epoch)
                        .bind("at", at)
                        .execute() == 1;
    }

    /**
     * Keeps what a worker tells of a step, if nobody has told it before, and takes the entry over if it still waits for
     * just that.
     *
     * @return the new claim; empty if somebody else goes on with the entry, or it is settled
     */
    public Optional<Claim> report(
            Transaction tx, UUID entry, CastStepRow told, long own, Instant at) {
        boolean waits = isGivenAway(tx, entry, told.epoch());
        int kept = keyed(tx.handle()
                .createUpdate("UPDATE reseat.cast_step SET reported_at = :at, outcome = :outcome, detail = :detail,"
                        + " result = CAST(:result AS jsonb) WHERE " + KEY + " AND reported_at IS NULL"),
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
        return Optional.of(new Claim(entry, own, told.epoch() + 1));
    }

    /**
     * Takes an entry over that waits for a report, before its time is over: no worker is admitted from here on.
     *
     * @return the new claim; empty if the entry does not wait
     */
    public Optional<Claim> withdraw(Transaction tx, UUID entry, long own) {
        return tx.handle()
                .createQuery("UPDATE reseat.journal SET owner = :own, epoch = epoch + 1, state = 'open'"
                        + " WHERE id = :id AND state IN ('open', 'unknown') AND " + WAITING + " RETURNING epoch")
                .bind("own", own)
                .bind("id", entry)
                .mapTo(long.class)
                .findOne()
                .map(epoch -> new Claim(entry, own, epoch));
    }

    /** What is known of a step that was cast in that epoch. */
    public Optional<CastStepRow> find(Transaction tx, UUID entry, String step, long epoch) {
        return keyed(tx.handle().createQuery("SELECT * FROM reseat.cast_step WHERE " + KEY), entry, step, epoch)
                .map((result, context) -> cast(new Row(result)))
                .findOne();
    }

    /** Locks the entry until the transaction ends. */
    private static boolean isGivenAway(Transaction tx, UUID entry, long epoch) {
        return tx.handle()
                .createQuery("SELECT id FROM reseat.journal WHERE id = :id AND epoch = :epoch AND owner = 0"
                        + " AND state IN ('open', 'unknown') FOR UPDATE")
                .bind("id", entry)
                .bind("epoch", epoch)
                .mapTo(UUID.class)
                .findOne()
                .isPresent();
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
