package dev.reseat.api.store.job;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.Job.State;
import dev.reseat.api.model.JobLimits;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import tools.jackson.databind.json.JsonMapper;

/** Jobs, in the Cinder database. All times are the database's. Stateless. */
public final class JobTable {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Inject
    public JobTable() {}

    /** Adds it. Times are not taken from it, but for {@code notBefore}. */
    public void insert(Transaction tx, Job job) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO reseat.job (id, action, selector, request, limits, notes, undoes, request_id,
                            user_id, project_id, reason, state, applied, not_before, created_at, applied_at)
                        VALUES (:id, :action, CAST(:selector AS <jsonb>), CAST(:request AS <jsonb>),
                            CAST(:limits AS <jsonb>), CAST(:notes AS <jsonb>), CAST(:undoes AS <uuid>), :requestId,
                            :userId, :projectId, :reason, :state, :applied, CAST(:notBefore AS <timestamp>), <utc>,
                            CASE WHEN :applied THEN <utc> END)
                        """)
                .bind("id", job.id())
                .bind("action", word(job.action()))
                .bind("selector", job.selectorJson())
                .bind("request", job.requestJson())
                .bind("limits", JSON.writeValueAsString(job.limits()))
                .bind("notes", JSON.writeValueAsString(job.notes()))
                .bind("undoes", job.undoes().orElse(null))
                .bind("requestId", job.requestId())
                .bind("userId", job.userId())
                .bind("projectId", job.projectId())
                .bind("reason", job.reason().orElse(null))
                .bind("state", word(job.state()))
                .bind("applied", job.applied())
                .bind("notBefore", job.notBefore().orElse(null))
                .execute();
    }

    public Optional<Job> find(Transaction tx, UUID id) {
        return jobs(tx.handle().createQuery("SELECT * FROM reseat.job WHERE id = :id").bind("id", id))
                .stream()
                .findFirst();
    }

    /** The same, kept from others until the end of the transaction. */
    public Optional<Job> lock(Transaction tx, UUID id) {
        return jobs(tx.handle().createQuery("SELECT * FROM reseat.job WHERE id = :id FOR UPDATE").bind("id", id))
                .stream()
                .findFirst();
    }

    /** The latest, latest first. */
    public List<Job> latest(Transaction tx, int limit) {
        return jobs(tx.handle()
                .createQuery("SELECT * FROM reseat.job ORDER BY created_at DESC, id LIMIT :limit")
                .bind("limit", limit));
    }

    /** Those that workers have something to do for, oldest first, kept from others until the transaction ends. */
    public List<Job> lockActive(Transaction tx) {
        return jobs(tx.handle().createQuery("""
                SELECT * FROM reseat.job
                WHERE state IN ('planning', 'running') OR (state = 'cancelled' AND ended_at IS NULL)
                ORDER BY created_at, id FOR UPDATE
                """));
    }

    /** Whether any job has something under way, or may have. */
    public boolean hasUnended(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job WHERE state <> 'planned' AND ended_at IS NULL)")
                .mapTo(boolean.class)
                .one();
    }

    /**
     * Brings it into another state.
     *
     * @param from in one of which it must be
     * @return false if it is in none of them; nothing was changed
     */
    public boolean move(Transaction tx, UUID id, Collection<State> from, State to, Optional<String> why) {
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.job SET state = :to, why = :why,
                            resumed_at = CASE WHEN :to = 'running' THEN <utc> ELSE resumed_at END,
                            ended_at = CASE WHEN :ended THEN <utc> END
                        WHERE id = :id AND state IN (<from>)
                        """)
                .bind("id", id)
                .bind("to", word(to))
                .bind("why", why.orElse(null))
                .bind("ended", to == State.DONE)
                .bindList("from", from.stream().map(JobTable::word).toList())
                .execute() == 1;
    }

    /** It may begin once it is planned. */
    public void apply(Transaction tx, UUID id) {
        tx.handle()
                .createUpdate("UPDATE reseat.job SET applied = true, applied_at = <utc> WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Items with a lower position may begin. */
    public void release(Transaction tx, UUID id, int released) {
        tx.handle()
                .createUpdate("UPDATE reseat.job SET released = :released WHERE id = :id")
                .bind("id", id)
                .bind("released", released)
                .execute();
    }

    /** Nothing of it is in flight any more. */
    public void end(Transaction tx, UUID id) {
        tx.handle()
                .createUpdate("UPDATE reseat.job SET ended_at = <utc> WHERE id = :id AND ended_at IS NULL")
                .bind("id", id)
                .execute();
    }

    /** Whoever gives items out does so one after the other: the others wait here until the transaction ends. */
    public void passGate(Transaction tx) {
        pass(tx);
    }

    static void pass(Transaction tx) {
        tx.handle().execute("UPDATE reseat.job_gate SET turn = turn + 1 WHERE id = 1");
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static List<Job> jobs(Query query) {
        return query.map((result, context) -> job(new Row(result))).list();
    }

    private static Job job(Row row) throws SQLException {
        return new Job(
                row.uuid("id"),
                Job.Action.valueOf(row.text("action").toUpperCase(Locale.ROOT)),
                row.text("selector"),
                row.text("request"),
                JSON.readValue(row.text("limits"), JobLimits.class),
                List.of(JSON.readValue(row.text("notes"), String[].class)),
                Optional.ofNullable(row.uuid("undoes")),
                row.text("request_id"),
                row.text("user_id"),
                row.text("project_id"),
                row.optionalText("reason"),
                State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.optionalText("why"),
                row.bool("applied"),
                row.integer("released"),
                row.optionalTime("not_before"),
                row.time("created_at"),
                row.optionalTime("applied_at"),
                row.optionalTime("ended_at"));
    }
}
