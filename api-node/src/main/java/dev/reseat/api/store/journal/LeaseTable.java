package dev.reseat.api.store.journal;

import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * Who may own journal entries: one row for every started process, in the Cinder database. All times are the database's;
 * the clocks of processes have no part in it. Stateless.
 */
public final class LeaseTable {
    /** SQL: whether the owner in column {@code owner} of table {@code journal} has a lease that has not run out. */
    static final String ALIVE = "EXISTS (SELECT 1 FROM reseat.lease l WHERE l.owner = journal.owner"
            + " AND l.expires_at > CURRENT_TIMESTAMP(6))";
    /** Kept this long after their end, for whoever reads a journal. */
    private static final String OLD = "CURRENT_TIMESTAMP(6) - INTERVAL '86400' SECOND";

    @Inject
    public LeaseTable() {}

    /**
     * A lease under a number that nobody had before. Leases of processes long gone are forgotten.
     *
     * @param holder names the process to operators
     * @param time whole seconds
     */
    public long take(Transaction tx, String holder, Duration time) {
        tx.handle().execute("DELETE FROM reseat.lease WHERE expires_at < " + OLD);
        return tx.handle()
                .createUpdate("INSERT INTO reseat.lease (holder, renewed_at, expires_at)"
                        + " VALUES (:holder, CURRENT_TIMESTAMP(6), " + after(time) + ")")
                .bind("holder", holder)
                .executeAndReturnGeneratedKeys("owner")
                .mapTo(long.class)
                .one();
    }

    /**
     * Goes on with a lease, also with one that has run out: what was adopted meanwhile stays with its new owner.
     *
     * @return false if the lease is gone
     */
    public boolean renew(Transaction tx, long owner, Duration time) {
        return tx.handle()
                .createUpdate("UPDATE reseat.lease SET renewed_at = CURRENT_TIMESTAMP(6), expires_at = " + after(time)
                        + " WHERE owner = :owner")
                .bind("owner", owner)
                .execute() == 1;
    }

    /** Gives the lease up: its entries may be adopted at once. Repeatable. */
    public void release(Transaction tx, long owner) {
        tx.handle().createUpdate("DELETE FROM reseat.lease WHERE owner = :owner").bind("owner", owner).execute();
    }

    private static String after(Duration time) {
        return "CURRENT_TIMESTAMP(6) + INTERVAL '" + time.toSeconds() + "' SECOND";
    }
}
