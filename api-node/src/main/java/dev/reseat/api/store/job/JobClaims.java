package dev.reseat.api.store.job;

import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.store.Transaction;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Who works on which item. A claim is the item's owner and epoch; it holds while the owner's lease has not run out and
 * nobody has raised the epoch. What is written under a claim that holds no more is not written. Stateless.
 */
public final class JobClaims {
    private static final String ALIVE = "EXISTS (SELECT 1 FROM reseat.lease l WHERE l.owner = i.owner"
            + " AND l.expires_at > CURRENT_TIMESTAMP(6))";
    /** Nobody works on it any more: its process is gone, or it is ours and we do not know of it. */
    private static final String LEFT =
            "(NOT " + ALIVE + " OR (i.owner = :own AND NOT COALESCE(i.id IN (<inHand>), false)))";
    private static final String DEAD = "(i.state = 'unknown' OR (i.state = 'running' AND " + LEFT + "))";
    private static final String CLAIMED = "i.id = :id AND i.owner = :owner AND i.epoch = :epoch AND i.state = :in AND "
            + ALIVE;
    private static final String CANCELLED =
            "EXISTS (SELECT 1 FROM reseat.job o WHERE o.id = i.job AND o.state = 'cancelled')";
    /** Its worker's report carries it on: no process of ours is at it. */
    private static final String SENT = "i.owner = 0";

    private final JobCandidates candidates = new JobCandidates();

    @Inject
    public JobClaims() {}

    /**
     * Items whose sources are to be asked now, of jobs that are being planned. {@code SKIP LOCKED} only spares waiting:
     * the state decides.
     *
     * @param known jobs that the caller has read: others, made since, are left for its next look
     */
    public List<JobItem> toPlan(Transaction tx, Hands hands, Set<UUID> known, int limit) {
        List<UUID> jobs = tx.handle()
                .createQuery("SELECT id FROM reseat.job WHERE state = 'planning' ORDER BY created_at, id")
                .mapTo(UUID.class)
                .filter(known::contains)
                .list();
        List<Planning> found = new ArrayList<>();
        for (UUID job : jobs) {
            found.addAll(unplanned(tx, job, "i.state = 'new'", hands, limit));
            found.addAll(unplanned(tx, job, "i.state = 'planning' AND " + LEFT, hands, limit));
        }
        List<Long> ids = found.stream()
                .sorted(Comparator.comparingInt(Planning::position))
                .limit(limit)
                .map(Planning::id)
                .toList();
        return begin(tx, ids, "state = 'planning', unreached_since = NULL", hands.own());
    }

    private static List<Planning> unplanned(Transaction tx, UUID job, String condition, Hands hands, int limit) {
        return bound(
                tx.handle()
                        .createQuery("SELECT i.id, i.position FROM reseat.job_item i WHERE i.job = :job AND "
                                + condition + " ORDER BY i.position LIMIT :limit FOR UPDATE SKIP LOCKED"),
                hands)
                .bind("job", job)
                .bind("limit", limit)
                .map((result, context) -> new Planning(result.getLong("id"), result.getInt("position")))
                .list();
    }

    private record Planning(long id, int position) {}

    /**
     * Items that begin now, within the limits of their jobs, counted over all api-nodes; the jobs take turns. Only to
     * be called behind {@link JobTable#passGate}, or the limits do not hold.
     *
     * @param known as for {@link #toPlan}
     */
    public Begun toRun(Transaction tx, long own, Set<UUID> known, int limit) {
        JobCandidates.Choice choice = candidates.choose(tx, known, limit);
        if (choice.ids().isEmpty()) {
            return new Begun(List.of(), false);
        }
        List<Long> waiting = tx.handle()
                .createQuery("SELECT id FROM reseat.job_item WHERE id IN (<ids>) AND state = 'waiting' FOR UPDATE")
                .bindList("ids", choice.ids())
                .mapTo(Long.class)
                .list();
        return new Begun(
                begin(tx, waiting, "state = 'running', started_at = <utc>, due_at = NULL", own), choice.more());
    }

    /** @param more whether others that wait were not looked at: with hands that are left it pays to ask again */
    public record Begun(List<JobItem> items, boolean more) {}

    /** @param ids of rows that this transaction keeps from others */
    private static List<JobItem> begin(Transaction tx, List<Long> ids, String columns, long own) {
        if (ids.isEmpty()) {
            return List.of();
        }
        tx.handle()
                .createUpdate("UPDATE reseat.job_item SET " + columns + ", owner = :own, epoch = epoch + 1"
                        + " WHERE id IN (<ids>)")
                .bind("own", own)
                .bindList("ids", ids)
                .execute();
        return JobItemTable.ofIds(tx, ids);
    }

    /** Those of these claims that hold now, by the items' ids. */
    public Set<Long> holding(Transaction tx, List<JobItem> items) {
        return new HashSet<>(tx.handle()
                .createQuery("SELECT i.id FROM reseat.job_item i WHERE (i.id, i.owner, i.epoch, i.state) IN (<claims>)"
                        + " AND " + ALIVE)
                .bindMethodsList("claims", items.stream().map(ItemClaim::of).toList(), ItemClaim.COLUMNS)
                .mapTo(Long.class)
                .list());
    }

    /**
     * What came of asking the sources of items. One of a job that may begin, whose plan is another one than was read
     * before, is skipped.
     *
     * @return false if not all of these claims hold any more: the transaction must not commit
     */
    public boolean planned(Transaction tx, List<Outcome> outcomes) {
        // the digest is set last: MariaDB's assignments see those before them
        Update update = tx.handle()
                .createUpdate("""
                        UPDATE reseat.job_item i SET
                            state = CASE WHEN %1$s THEN 'skipped' ELSE %2$s END,
                            detail = CASE WHEN %1$s THEN %3$s ELSE %4$s END,
                            ended_at = CASE WHEN %5$s OR %1$s THEN <utc> END,
                            unreached_since = CASE WHEN %12$s THEN <utc> END,
                            guard = %6$s, plan = %7$s, inverse = %8$s, fresh_until = %9$s, digest = %10$s
                        WHERE (i.id, i.owner, i.epoch, i.state) IN (<claims>) AND %11$s
                        """.formatted(
                        changed(each(outcomes, ":digest%d")), each(outcomes, ":to%d"),
                        each(outcomes, ":skipped%d"), each(outcomes, ":detail%d"), each(outcomes, ":ended%d"),
                        each(outcomes, ":guard%d"), each(outcomes, ":plan%d"), each(outcomes, ":inverse%d"),
                        each(outcomes, "CAST(:freshUntil%d AS <timestamp>)"), each(outcomes, ":digest%d"), ALIVE,
                        each(outcomes, ":unreached%d")));
        for (int n = 0; n < outcomes.size(); n++) {
            Outcome outcome = outcomes.get(n);
            Plan plan = outcome.plan();
            update.bind("id" + n, outcome.item().id())
                    .bind("to" + n, JobTable.word(outcome.to()))
                    .bind("ended" + n, State.ENDS.contains(outcome.to()))
                    .bind("unreached" + n, outcome.unreached())
                    .bind("guard" + n, plan.guard())
                    .bind("digest" + n, plan.digest())
                    .bind("plan" + n, plan.text())
                    .bind("detail" + n, plan.detail().orElse(null))
                    .bind("skipped" + n, "changed since it was planned: " + plan.text())
                    .bind("inverse" + n, plan.inverse().orElse(null))
                    .bind("freshUntil" + n, plan.freshUntil());
        }
        return claimed(update, outcomes.stream().map(Outcome::item).toList()).execute() == outcomes.size();
    }

    /** SQL: whether another plan than that was read before. */
    private static String changed(String digest) {
        return "COALESCE(i.digest <> " + digest
                + " AND (SELECT j.applied FROM reseat.job j WHERE j.id = i.job), false)";
    }

    /** SQL: for each item its own value. */
    private static String each(List<?> items, String value) {
        return IntStream.range(0, items.size())
                .mapToObj(n -> "WHEN :id%1$d THEN %2$s".formatted(n, value.formatted(n)))
                .collect(Collectors.joining(" ", "CASE i.id ", " END"));
    }

    private static Update claimed(Update update, List<JobItem> items) {
        return update.bindMethodsList("claims", items.stream().map(ItemClaim::of).toList(), ItemClaim.COLUMNS);
    }

    /**
     * What came of asking an item's sources.
     *
     * @param to PLANNED, REFUSED, HELD or SKIPPED
     * @param unreached whether that is so only because somebody could not be asked
     */
    public record Outcome(JobItem item, State to, Plan plan, boolean unreached) {}

    /** As rows have it. */
    public record ItemClaim(long id, long owner, long epoch, String state) {
        static final List<String> COLUMNS = List.of("id", "owner", "epoch", "state");

        static ItemClaim of(JobItem item) {
            return new ItemClaim(item.id(), item.owner(), item.epoch(), JobTable.word(item.state()));
        }
    }

    /** What is kept of a plan. The components are those of {@link JobItem}. */
    public record Plan(
            String guard, String digest, String text, Optional<String> detail, Optional<String> inverse,
            Instant freshUntil) {}

    /**
     * An item that runs is over, or not known to be, or has to wait again.
     *
     * @param to DONE, FAILED, SKIPPED, UNKNOWN, HELD or WAITING
     * @param again after which time it may be tried again, if it has to wait
     * @return false if the claim holds no more; nothing was changed
     */
    public boolean ran(
            Transaction tx, JobItem item, State to, Optional<UUID> journal, String detail, Duration again) {
        return tx.handle()
                .createUpdate(
                        "UPDATE reseat.job_item i SET state = :to, journal = CAST(:journal AS <uuid>),"
                                + " detail = :detail, ended_at = CASE WHEN :ended THEN <utc> END,"
                                + " unreached_since = NULL, due_at = CASE WHEN :waits THEN <utc> + INTERVAL '"
                                + again.toSeconds()
                                + "' SECOND END WHERE " + CLAIMED)
                .bind("id", item.id())
                .bind("owner", item.owner())
                .bind("epoch", item.epoch())
                .bind("in", "running")
                .bind("to", JobTable.word(to))
                .bind("journal", journal.orElse(null))
                .bind("detail", detail)
                .bind("waits", to == State.WAITING || to == State.HELD)
                .bind("ended", State.ENDS.contains(to))
                .execute() == 1;
    }

    /**
     * Whoever has to do an item that runs cannot be reached, and nothing of it was begun: it waits, and is tried again
     * under a request id of its own, for so long as that has not been so for too long.
     *
     * @param otherwise how it ends if it has
     * @param patience how long it may be so
     * @return false if the claim holds no more; nothing was changed
     */
    public boolean unreached(
            Transaction tx, JobItem item, State otherwise, Optional<UUID> journal, String detail, Duration again,
            Duration patience) {
        String patient = "COALESCE(i.unreached_since, <utc>) > <utc> - INTERVAL '" + patience.toSeconds() + "' SECOND";
        // what the others look at is set last: MariaDB's assignments see those before them
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.job_item i SET
                            state = CASE WHEN %1$s THEN 'waiting' ELSE :otherwise END,
                            request_id = CASE WHEN %1$s THEN :request ELSE i.request_id END,
                            due_at = CASE WHEN %1$s THEN <utc> + INTERVAL '%2$d' SECOND END,
                            ended_at = CASE WHEN %1$s THEN NULL ELSE <utc> END,
                            journal = CAST(:journal AS <uuid>), detail = :detail,
                            unreached_since = COALESCE(i.unreached_since, <utc>)
                        WHERE %3$s
                        """.formatted(patient, again.toSeconds(), CLAIMED))
                .bind("id", item.id())
                .bind("owner", item.owner())
                .bind("epoch", item.epoch())
                .bind("in", "running")
                .bind("otherwise", JobTable.word(otherwise))
                .bind("request", RequestContext.newRequestId())
                .bind("journal", journal.orElse(null))
                .bind("detail", detail)
                .execute() == 1;
    }

    /**
     * Items that run are under way without their process: they stay in flight, and belong to nobody, until their
     * journal entries are settled.
     *
     * @return false if not all of these claims hold any more: the transaction must not commit
     */
    public boolean sent(Transaction tx, List<Sent> all) {
        Update update = tx.handle()
                .createUpdate("UPDATE reseat.job_item i SET owner = 0, unreached_since = NULL,"
                        + " journal = CAST(" + each(all, ":journal%d") + " AS <uuid>), detail = "
                        + each(all, ":detail%d")
                        + " WHERE (i.id, i.owner, i.epoch, i.state) IN (<claims>) AND " + ALIVE);
        for (int n = 0; n < all.size(); n++) {
            update.bind("id" + n, all.get(n).item().id())
                    .bind("journal" + n, all.get(n).journal().map(UUID::toString).orElse(null))
                    .bind("detail" + n, all.get(n).detail());
        }
        return claimed(update, all.stream().map(Sent::item).toList()).execute() == all.size();
    }

    /** An item whose repair goes on without its process. */
    public record Sent(JobItem item, Optional<UUID> journal, String detail) {}

    /** Ends the items whose journal entry is settled, of those that nobody works on. Repeatable. */
    public int settleTold(Transaction tx, Hands hands) {
        return settle(tx, hands, """
                UPDATE reseat.job_item i SET state = CASE WHEN %1$s = 'done' THEN 'done' WHEN %2$s THEN 'skipped'
                        ELSE 'failed' END,
                    epoch = epoch + 1, journal = %3$s, detail = %4$s, ended_at = <utc>
                WHERE %5$s AND %1$s NOT IN ('open', 'unknown')
                """.formatted(entry("state"), refused(), entry("id"), entry("outcome"), DEAD));
    }

    /**
     * Settles what was sent, died or was left unknown by what the journal says of it, never by guessing: an entry that
     * is settled tells the end; where there is none the repair was not begun, and the item waits again, under another
     * request id, as whoever had it may be about to begin still; where one is open, it is the reconciler's first.
     * Repeatable.
     *
     * @return how many items have got another state
     */
    public int settle(Transaction tx, Hands hands) {
        int told = settleTold(tx, hands);
        int open = settle(tx, hands, """
                UPDATE reseat.job_item i SET state = 'unknown', epoch = epoch + 1, journal = %s,
                    detail = CASE WHEN %s THEN %s
                        ELSE 'its api-node is gone; the journal entry is not settled yet' END
                WHERE i.state = 'running' AND %s
                    AND (%s = 'unknown' OR (NOT %s AND %s = 'open'))
                """.formatted(entry("id"), SENT, entry("outcome"), LEFT, entry("state"), SENT, entry("state")));
        int again = settle(tx, hands, """
                UPDATE reseat.job_item i SET state = CASE WHEN %1$s THEN 'skipped' ELSE 'waiting' END,
                    ended_at = CASE WHEN %1$s THEN <utc> END,
                    epoch = epoch + 1, request_id = CONCAT('req-', <new_uuid>),
                    detail = 'was not begun by the api-node that had it'
                WHERE %2$s AND %3$s IS NULL
                """.formatted(CANCELLED, DEAD, entry("id")));
        return told + open + again;
    }

    /**
     * SQL: its worker was refused, because what it was planned on held no more, and all is as it was: it was not tried,
     * so it has not failed.
     */
    private static String refused() {
        return "(" + entry("state") + " = 'undone' AND EXISTS (SELECT 1 FROM reseat.cast_step c WHERE c.entry = "
                + entry("id") + " AND CONCAT(c.result, '') LIKE '%\"refused\"%'))";
    }

    /** SQL: that column of the item's own journal entry; NULL if there is none. */
    private static String entry(String column) {
        return "(SELECT j." + column + " FROM reseat.journal j WHERE j.request_id = i.request_id"
                + " AND j.subject_id = i.volume_id ORDER BY j.opened_at DESC, j.id LIMIT 1)";
    }

    private static int settle(Transaction tx, Hands hands, String sql) {
        return bound(tx.handle().createUpdate(sql), hands).execute();
    }

    private static <S extends SqlStatement<S>> S bound(S statement, Hands hands) {
        return statement.bind("own", hands.own())
                .bindList(EmptyHandling.NULL_KEYWORD, "inHand", List.copyOf(hands.items()));
    }

    /**
     * What a process works on.
     *
     * @param own its number as an owner
     * @param items those it has in hand; others of its own were left behind
     */
    public record Hands(long own, Set<Long> items) {
        public Hands {
            items = Set.copyOf(items);
        }
    }
}
