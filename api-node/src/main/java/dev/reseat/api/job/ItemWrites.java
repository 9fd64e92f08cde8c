package dev.reseat.api.job;

import dev.reseat.api.model.JobItem;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Gathered;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.job.JobClaims;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/** What many items want written at the same time, done for all of them at once. Thread-safe. */
final class ItemWrites {
    private static final int AT_ONCE = 50;

    private final Database database;
    private final JobClaims claims;
    private final Gathered<JobItem, Boolean> held = new Gathered<>(AT_ONCE, this::holding);
    private final Gathered<JobClaims.Outcome, Boolean> planned;
    private final Gathered<JobClaims.Sent, Boolean> sent;

    ItemWrites(Database database, JobClaims claims) {
        this.database = database;
        this.claims = claims;
        this.planned = new Gathered<>(AT_ONCE, all -> write(all, claims::planned));
        this.sent = new Gathered<>(AT_ONCE, all -> write(all, claims::sent));
    }

    /** Whether its claim holds now. */
    boolean holds(JobItem item) {
        return held.ask(item);
    }

    private List<Boolean> holding(List<JobItem> items) {
        Set<Long> holding = database.cinder().transaction(tx -> claims.holding(tx, items));
        return items.stream().map(item -> holding.contains(item.id())).toList();
    }

    /** @return false if its claim holds no more; nothing was changed */
    boolean planned(JobClaims.Outcome outcome) {
        return planned.ask(outcome);
    }

    /** Likewise. */
    boolean sent(JobClaims.Sent item) {
        return sent.ask(item);
    }

    /** One whose claim holds no more must not keep the others from it. */
    private <T> List<Boolean> write(List<T> all, BiPredicate<Transaction, List<T>> statement) {
        boolean written = database.cinder().transaction(tx -> {
            boolean done = statement.test(tx, all);
            if (!done && all.size() > 1) {
                throw new Gathered.Apart();
            }
            return done;
        });
        return all.stream().map(_ -> written).toList();
    }
}
