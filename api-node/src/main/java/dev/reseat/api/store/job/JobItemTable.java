package dev.reseat.api.store.job;

import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItem.State;
import dev.reseat.api.model.JobItemDraft;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/** Items of jobs, as whoever made the job sees and moves them; workers use {@link JobClaims}. Stateless. */
public final class JobItemTable {
    /** Rows of one statement, nine values each. */
    private static final int AT_ONCE = 100;

    @Inject
    public JobItemTable() {}

    /** Adds new items in that order. */
    public void insert(Transaction tx, UUID job, List<JobItemDraft> drafts) {
        for (int from = 0; from < drafts.size(); from += AT_ONCE) {
            insert(tx, job, from, drafts.subList(from, Math.min(drafts.size(), from + AT_ONCE)));
        }
    }

    private static void insert(Transaction tx, UUID job, int from, List<JobItemDraft> drafts) {
        String rows = IntStream.range(0, drafts.size()).mapToObj(JobItemTable::row).collect(Collectors.joining(", "));
        Update insert = tx.handle()
                .createUpdate("INSERT INTO reseat.job_item (job, position, volume_id, mapping_id, instance_id, host,"
                        + " backend, target, request_id, state) VALUES " + rows)
                .bind("job", job);
        for (int i = 0; i < drafts.size(); i++) {
            JobItemDraft draft = drafts.get(i);
            insert.bind("position" + i, from + i)
                    .bind("volume" + i, draft.volumeId())
                    .bind("mapping" + i, draft.mappingId().orElse(null))
                    .bind("instance" + i, draft.instanceId().orElse(null))
                    .bind("host" + i, draft.host().orElse(null))
                    .bind("backend" + i, draft.backend().orElse(null))
                    .bind("target" + i, draft.target().orElse(null))
                    .bind("request" + i, RequestContext.newRequestId());
        }
        insert.execute();
    }

    private static String row(int n) {
        return ("(:job, :position%1$d, :volume%1$d, :mapping%1$d, :instance%1$d, :host%1$d, :backend%1$d, :target%1$d,"
                + " :request%1$d, 'new')").formatted(n);
    }

    /**
     * One page, in order.
     *
     * @param states any of these; empty for all
     * @param after position of the last item of the page before; -1 for the first page
     */
    public List<JobItem> page(Transaction tx, UUID job, Set<State> states, int after, int limit) {
        return tx.handle()
                .createQuery("""
                        SELECT * FROM reseat.job_item
                        WHERE job = :job AND position > :after AND state IN (<states>) ORDER BY position LIMIT :limit
                        """)
                .bind("job", job)
                .bind("after", after)
                .bind("limit", limit)
                .bindList("states", words(states.isEmpty() ? Arrays.asList(State.values()) : states))
                .map((result, context) -> item(new Row(result)))
                .list();
    }

    /** The items that failed last, latest first. */
    public List<JobItem> lastFailed(Transaction tx, UUID job, int limit) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.job_item WHERE job = :job AND state = 'failed'"
                        + " ORDER BY ended_at DESC, position DESC LIMIT :limit")
                .bind("job", job)
                .bind("limit", limit)
                .map((result, context) -> item(new Row(result)))
                .list();
    }

    /** How many there are in each state; states without any are not in it. */
    public Map<State, Integer> count(Transaction tx, UUID job) {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        tx.handle()
                .createQuery("SELECT state, count(*) AS items FROM reseat.job_item WHERE job = :job GROUP BY state")
                .bind("job", job)
                .map((result, context) -> Map.entry(state(new Row(result).text("state")), result.getInt("items")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /** How many have ended within the last seconds. */
    public int endedWithin(Transaction tx, UUID job, int seconds) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM reseat.job_item WHERE job = :job AND state IN ('done', 'failed')"
                        + " AND ended_at > <utc> - INTERVAL '" + seconds + "' SECOND")
                .bind("job", job)
                .mapTo(int.class)
                .one();
    }

    /** Whether any item is in one of these states. */
    public boolean any(Transaction tx, UUID job, Collection<State> states) {
        return any(tx, job, states, Integer.MAX_VALUE);
    }

    /** The same of items with a lower position than that. */
    public boolean any(Transaction tx, UUID job, Collection<State> states, int below) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job_item WHERE job = :job AND state IN (<states>)"
                        + " AND position < :below)")
                .bind("job", job)
                .bind("below", below)
                .bindList("states", words(states))
                .mapTo(boolean.class)
                .one();
    }

    /** Whether the last so many that ended since the job was resumed have failed, all of them. */
    public boolean lastAllFailed(Transaction tx, UUID job, int count) {
        return tx.handle()
                .createQuery("""
                        SELECT count(CASE WHEN ended.state = 'failed' THEN 1 END) >= :count FROM (
                            SELECT i.state FROM reseat.job_item i JOIN reseat.job j ON j.id = i.job
                            WHERE i.job = :job AND i.state IN ('done', 'failed')
                              AND i.ended_at >= COALESCE(j.resumed_at, j.created_at)
                            ORDER BY i.ended_at DESC LIMIT :count) ended
                        """)
                .bind("job", job)
                .bind("count", count)
                .mapTo(boolean.class)
                .one();
    }

    /** Whether some plan is no longer fresh. */
    public boolean anyStale(Transaction tx, UUID job) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job_item WHERE job = :job"
                        + " AND state IN ('planned', 'refused') AND fresh_until < <utc>)")
                .bind("job", job)
                .mapTo(boolean.class)
                .one();
    }

    /**
     * Moves all items of a job that are in one of these states.
     *
     * @param detail why; what is there already stays if it is empty
     * @return how many
     */
    public int moveAll(Transaction tx, UUID job, Collection<State> from, State to, Optional<String> detail) {
        return tx.handle()
                .createUpdate("UPDATE reseat.job_item SET state = :to, epoch = epoch + 1,"
                        + " detail = COALESCE(:detail, detail), ended_at = CASE WHEN :ended THEN <utc> END"
                        + " WHERE job = :job AND state IN (<from>)")
                .bind("job", job)
                .bind("to", JobTable.word(to))
                .bind("detail", detail.orElse(null))
                .bind("ended", State.ENDS.contains(to))
                .bindList("from", words(from))
                .execute();
    }

    /**
     * Failed items, and those that were left because somebody could not be asked, get another attempt, under a request
     * id of its own each.
     */
    public int retryFailed(Transaction tx, UUID job) {
        List<Long> failed = tx.handle()
                .createQuery("SELECT id FROM reseat.job_item WHERE job = :job AND (state = 'failed'"
                        + " OR (state = 'skipped' AND unreached_since IS NOT NULL)) FOR UPDATE")
                .bind("job", job)
                .mapTo(Long.class)
                .list();
        if (!failed.isEmpty()) {
            PreparedBatch batch = tx.handle()
                    .prepareBatch("""
                            UPDATE reseat.job_item SET state = 'new', attempt = attempt + 1, epoch = epoch + 1,
                                request_id = :requestId, digest = NULL, journal = NULL, due_at = NULL, ended_at = NULL
                            WHERE id = :id
                            """);
            failed.forEach(id -> batch.bind("id", id).bind("requestId", RequestContext.newRequestId()).add());
            batch.execute();
        }
        return failed.size();
    }

    /** Held items whose turn it is to be looked at again; their next turn is that many seconds away. */
    public List<JobItem> heldDue(Transaction tx, int seconds, int limit) {
        List<Long> due = tx.handle()
                .createQuery("""
                        SELECT i.id FROM reseat.job_item i
                        WHERE i.state = 'held' AND (i.due_at IS NULL OR i.due_at <= <utc>)
                          AND EXISTS (SELECT 1 FROM reseat.job j WHERE j.id = i.job AND j.state = 'running')
                        ORDER BY i.due_at IS NOT NULL, i.due_at, i.id LIMIT :limit FOR UPDATE SKIP LOCKED
                        """)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
        if (due.isEmpty()) {
            return List.of();
        }
        tx.handle()
                .createUpdate("UPDATE reseat.job_item SET due_at = <utc> + INTERVAL '" + seconds + "' SECOND"
                        + " WHERE id IN (<ids>)")
                .bindList("ids", due)
                .execute();
        return ofIds(tx, due);
    }

    static List<JobItem> ofIds(Transaction tx, List<Long> ids) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.job_item WHERE id IN (<ids>) ORDER BY position, id")
                .bindList("ids", ids)
                .map((result, context) -> item(new Row(result)))
                .list();
    }

    /** Held items of these instances may begin. */
    public int letGo(Transaction tx, Collection<String> instanceIds) {
        return tx.handle()
                .createUpdate("UPDATE reseat.job_item SET state = 'waiting', due_at = NULL"
                        + " WHERE state = 'held' AND instance_id IN (<ids>)"
                        + " AND EXISTS (SELECT 1 FROM reseat.job j WHERE j.id = job_item.job AND j.state = 'running')")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(instanceIds))
                .execute();
    }

    static List<String> words(Collection<State> states) {
        return states.stream().map(JobTable::word).toList();
    }

    static JobItem item(Row row) throws SQLException {
        return new JobItem(
                row.number("id"),
                row.uuid("job"),
                row.integer("position"),
                row.text("volume_id"),
                row.optionalText("mapping_id"),
                row.optionalText("instance_id"),
                row.optionalText("host"),
                row.optionalText("backend"),
                row.optionalText("target"),
                row.text("request_id"),
                state(row.text("state")),
                row.optionalText("guard"),
                row.optionalText("digest"),
                row.optionalText("plan"),
                row.optionalText("inverse"),
                row.number("owner"),
                row.number("epoch"),
                row.integer("attempt"),
                Optional.ofNullable(row.uuid("journal")),
                row.optionalText("detail"),
                row.optionalTime("started_at"),
                row.optionalTime("ended_at"));
    }

    private static State state(String word) {
        return State.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
