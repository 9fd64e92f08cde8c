package dev.reseat.api.store.job;

import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who works on which item. A claim is the item's owner and epoch; it holds while the owner's lease has not run out and
 * nobody has raised the epoch. What is written under a claim that holds no more is not written. Stateless.
 */
public final class JobClaims {
    private static final String NOW = JobTable.NOW;
    private static final String ALIVE = "EXISTS (SELECT 1 FROM reseat.lease l WHERE l.owner = i.owner"
            + " AND l.expires_at > CURRENT_TIMESTAMP)";
    /** Nobody works on it any more: its process is gone, or it is ours and we do not know of it. */
    private static final String LEFT = "(NOT " + ALIVE + " OR (i.owner = :own AND i.id <> ALL(:inHand)))";
    private static final String DEAD = "(i.state = 'unknown' OR (i.state = 'running' AND " + LEFT + "))";
    private static final String OWN_ENTRY = "j.request_id = i.request_id AND j.subject_id = i.volume_id";
    private static final String CLAIMED = "i.id = :id AND i.owner = :owner AND i.epoch = :epoch AND i.state = :in AND "
            + ALIVE;
    /** Its worker's report carries it on: no process of ours is at it. */
    private static final String SENT = "i.owner = 0";
    private static final String IN_FLIGHT = "state IN ('running', 'unknown')";

    @Inject
    public JobClaims() {}

    /**
     * Items whose sources are to be asked now, of jobs that are being planned. {@code SKIP LOCKED} only spares waiting:
     * the state decides.
     */
    public List<JobItem> toPlan(Transaction tx, Hands hands, int limit) {
        return tx.handle()
                .createQuery("""
                        UPDATE reseat.job_item SET state = 'planning', owner = :own, epoch = epoch + 1
                        WHERE id IN (
                            SELECT i.id FROM reseat.job j CROSS JOIN LATERAL (
                                SELECT i.id, i.job, i.position FROM reseat.job_item i
                                WHERE i.job = j.id AND (i.state = 'new' OR (i.state = 'planning' AND %s))
                                ORDER BY i.position LIMIT :limit FOR UPDATE SKIP LOCKED) i
                            WHERE j.state = 'planning' ORDER BY i.position LIMIT :limit)
                        RETURNING *
                        """.formatted(LEFT))
                .bind("own", hands.own())
                .bindArray("inHand", Long.class, hands.items())
                .bind("limit", limit)
                .map((result, context) -> JobItemTable.item(new Row(result)))
                .list();
    }

    /**
     * Items that begin now, within the limits of their jobs, counted over all api-nodes; the jobs take turns. Only to
     * be called behind {@link JobTable#passGate}, or the limits do not hold.
     */
    public List<JobItem> toRun(Transaction tx, long own, int limit) {
        List<Long> chosen = choose(candidates(tx, limit), limit);
        if (chosen.isEmpty()) {
            return List.of();
        }
        return tx.handle()
                .createQuery("UPDATE reseat.job_item SET state = 'running', owner = :own, epoch = epoch + 1,"
                        + " started_at = " + NOW + ", due_at = NULL"
                        + " WHERE id = ANY(:ids) AND state = 'waiting' RETURNING *")
                .bind("own", own)
                .bindArray("ids", Long.class, chosen)
                .map((result, context) -> JobItemTable.item(new Row(result)))
                .list();
    }

    private List<Candidate> candidates(Transaction tx, int limit) {
        return tx.handle()
                .createQuery("""
                        WITH hosts AS (SELECT host, count(*) AS items FROM reseat.job_item
                                WHERE %1$s AND host IS NOT NULL GROUP BY host),
                            backends AS (SELECT backend, count(*) AS items FROM reseat.job_item
                                WHERE %1$s AND backend IS NOT NULL GROUP BY backend),
                            jobs AS (SELECT job, count(*) AS items FROM reseat.job_item WHERE %1$s GROUP BY job),
                            ready AS (SELECT id, created_at,
                                    COALESCE(NULLIF(CAST(limits ->> 'perHost' AS integer), 0), 2147483647) AS per_host,
                                    COALESCE(NULLIF(CAST(limits ->> 'perBackend' AS integer), 0), 2147483647)
                                        AS per_backend,
                                    released
                                FROM reseat.job
                                WHERE state = 'running' AND (not_before IS NULL OR not_before <= %2$s))
                        SELECT i.id, i.volume_id, i.host, i.backend, j.per_host, j.per_backend,
                            COALESCE(h.items, 0) AS on_host, COALESCE(b.items, 0) AS on_backend
                        FROM ready j CROSS JOIN LATERAL (
                            SELECT i.id, i.job, i.position, i.volume_id, i.host, i.backend FROM reseat.job_item i
                            LEFT JOIN hosts h ON h.host = i.host LEFT JOIN backends b ON b.backend = i.backend
                            WHERE i.job = j.id AND i.state = 'waiting' AND i.position < j.released
                              AND (i.due_at IS NULL OR i.due_at <= %2$s)
                              AND COALESCE(h.items, 0) < j.per_host AND COALESCE(b.items, 0) < j.per_backend
                              AND NOT EXISTS (SELECT 1 FROM reseat.job_item r
                                    WHERE r.volume_id = i.volume_id AND r.%1$s)
                            ORDER BY i.position LIMIT :limit) i
                        LEFT JOIN hosts h ON h.host = i.host
                        LEFT JOIN backends b ON b.backend = i.backend
                        LEFT JOIN jobs ON jobs.job = j.id
                        ORDER BY COALESCE(jobs.items, 0) + row_number() OVER (PARTITION BY j.id ORDER BY i.position),
                            j.created_at, i.id
                        """.formatted(IN_FLIGHT, NOW))
                .bind("limit", limit)
                .map((result, context) -> Candidate.of(new Row(result)))
                .list();
    }

    /** What the limits allow of them, in their order. */
    private static List<Long> choose(List<Candidate> candidates, int limit) {
        Map<String, Integer> begun = new HashMap<>();
        List<Long> chosen = new ArrayList<>();
        for (Candidate one : candidates) {
            String host = "host " + one.host().orElse("");
            String backend = "backend " + one.backend().orElse("");
            boolean fits = chosen.size() < limit
                    && !begun.containsKey("volume " + one.volumeId())
                    && (one.host().isEmpty() || one.onHost() + begun.getOrDefault(host, 0) < one.perHost())
                    && (one.backend().isEmpty()
                            || one.onBackend() + begun.getOrDefault(backend, 0) < one.perBackend());
            if (fits) {
                chosen.add(one.id());
                begun.put("volume " + one.volumeId(), 1);
                begun.merge(host, 1, Integer::sum);
                begun.merge(backend, 1, Integer::sum);
            }
        }
        return chosen;
    }

    private record Candidate(
            long id,
            String volumeId,
            Optional<String> host,
            Optional<String> backend,
            int perHost,
            int perBackend,
            int onHost,
            int onBackend) {
        static Candidate of(Row row) throws SQLException {
            return new Candidate(
                    row.number("id"),
                    row.text("volume_id"),
                    row.optionalText("host"),
                    row.optionalText("backend"),
                    row.integer("per_host"),
                    row.integer("per_backend"),
                    row.integer("on_host"),
                    row.integer("on_backend"));
        }
    }

    /** Whether the claim holds now. */
    public boolean holds(Transaction tx, JobItem item) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job_item i WHERE " + CLAIMED + ")")
                .bind("id", item.id())
                .bind("owner", item.owner())
                .bind("epoch", item.epoch())
                .bind("in", JobTable.word(item.state()))
                .mapTo(boolean.class)
                .one();
    }

    /**
     * What came of asking an item's sources. An item of a job that may begin, whose plan is another one than was read
     * before, is skipped.
     *
     * @param to PLANNED, REFUSED, HELD or SKIPPED
     * @return false if the claim holds no more; nothing was changed
     */
    public boolean planned(Transaction tx, JobItem item, State to, Plan plan) {
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.job_item i SET
                            state = CASE WHEN changed.yes THEN 'skipped' ELSE :to END,
                            detail = CASE WHEN changed.yes
                                THEN 'changed since it was planned: ' || :plan ELSE :detail END,
                            ended_at = CASE WHEN changed.yes OR :ended THEN %s END,
                            guard = :guard, digest = :digest, plan = :plan, inverse = :inverse,
                            fresh_until = :freshUntil
                        FROM reseat.job j, LATERAL (SELECT COALESCE(j.applied AND o.digest <> :digest, false) AS yes
                            FROM reseat.job_item o WHERE o.id = :id) changed
                        WHERE j.id = i.job AND %s
                        """.formatted(NOW, CLAIMED))
                .bind("id", item.id())
                .bind("owner", item.owner())
                .bind("epoch", item.epoch())
                .bind("in", "planning")
                .bind("to", JobTable.word(to))
                .bind("ended", State.ENDS.contains(to))
                .bind("guard", plan.guard())
                .bind("digest", plan.digest())
                .bind("plan", plan.text())
                .bind("detail", plan.detail().orElse(null))
                .bind("inverse", plan.inverse().orElse(null))
                .bind("freshUntil", plan.freshUntil())
                .execute() == 1;
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
                        "UPDATE reseat.job_item i SET state = :to, journal = CAST(:journal AS uuid), detail = :detail,"
                                + " due_at = CASE WHEN :waits THEN " + NOW + " + :seconds * INTERVAL '1' SECOND END,"
                                + " ended_at = CASE WHEN :ended THEN " + NOW + " END WHERE " + CLAIMED)
                .bind("id", item.id())
                .bind("owner", item.owner())
                .bind("epoch", item.epoch())
                .bind("in", "running")
                .bind("to", JobTable.word(to))
                .bind("journal", journal.orElse(null))
                .bind("detail", detail)
                .bind("waits", to == State.WAITING || to == State.HELD)
                .bind("seconds", again.toSeconds())
                .bind("ended", State.ENDS.contains(to))
                .execute() == 1;
    }

    /**
     * An item that runs is under way without its process: it stays in flight, and belongs to nobody, until its journal
     * entry is settled.
     *
     * @return false if the claim holds no more; nothing was changed
     */
    public boolean sent(Transaction tx, JobItem item, Optional<UUID> journal, String detail) {
        return tx.handle()
                .createUpdate("UPDATE reseat.job_item i SET owner = 0, journal = CAST(:journal AS uuid),"
                        + " detail = :detail WHERE " + CLAIMED)
                .bind("id", item.id())
                .bind("owner", item.owner())
                .bind("epoch", item.epoch())
                .bind("in", "running")
                .bind("journal", journal.orElse(null))
                .bind("detail", detail)
                .execute() == 1;
    }

    /** Ends the items whose journal entry is settled, of those that nobody works on. Repeatable. */
    public int settleTold(Transaction tx, Hands hands) {
        return settle(tx, hands, """
                UPDATE reseat.job_item i SET state = CASE WHEN j.state = 'done' THEN 'done' ELSE 'failed' END,
                    epoch = i.epoch + 1, journal = j.id, detail = j.outcome, ended_at = %s
                FROM reseat.journal j WHERE %s AND j.state NOT IN ('open', 'unknown') AND %s
                """.formatted(NOW, OWN_ENTRY, DEAD));
    }

    /**
     * Settles what was sent, died or was left unknown by what the journal says of it, never by guessing: an entry that
     * is settled tells the end; where there is none the repair was not begun, and the item waits again; where one is
     * open, it is the reconciler's first. Repeatable.
     *
     * @return how many items have got another state
     */
    public int settle(Transaction tx, Hands hands) {
        int told = settleTold(tx, hands);
        int open = settle(tx, hands, """
                UPDATE reseat.job_item i SET state = 'unknown', epoch = i.epoch + 1, journal = j.id,
                    detail = CASE WHEN %s THEN j.outcome
                        ELSE 'its api-node is gone; the journal entry is not settled yet' END
                FROM reseat.journal j WHERE %s AND i.state = 'running' AND %s AND (NOT %s OR j.state = 'unknown')
                """.formatted(SENT, OWN_ENTRY, LEFT, SENT));
        int again = settle(tx, hands, """
                UPDATE reseat.job_item i SET state = CASE WHEN o.state = 'cancelled' THEN 'skipped' ELSE 'waiting' END,
                    ended_at = CASE WHEN o.state = 'cancelled' THEN %s END,
                    epoch = i.epoch + 1, detail = 'was not begun by the api-node that had it'
                FROM reseat.job o WHERE o.id = i.job AND %s
                    AND NOT EXISTS (SELECT 1 FROM reseat.journal j WHERE %s)
                """.formatted(NOW, DEAD, OWN_ENTRY));
        return told + open + again;
    }

    private static int settle(Transaction tx, Hands hands, String sql) {
        return tx.handle()
                .createUpdate(sql)
                .bind("own", hands.own())
                .bindArray("inHand", Long.class, hands.items())
                .execute();
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
