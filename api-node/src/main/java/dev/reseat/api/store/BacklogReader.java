package dev.reseat.api.store;

import dev.reseat.api.model.Backlog;
import dev.reseat.api.model.Job;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How much waits in Reseat's own tables and since when, by the database's clock. Stateless. */
public final class BacklogReader {
    @Inject
    public BacklogReader() {}

    /** Repairs that are under way, cut off, or of unknown outcome. */
    public Backlog journal(Transaction tx) {
        return read(tx, "SELECT count(*) AS entries, MIN(opened_at) AS oldest, <utc> AS asked_at FROM reseat.journal"
                + " WHERE state IN ('open', 'unknown')");
    }

    /** Notifications that are not sent yet; those set aside are not among them. */
    public Backlog outbox(Transaction tx) {
        return read(tx, "SELECT count(*) AS entries, MIN(created_at) AS oldest, <utc> AS asked_at FROM reseat.outbox"
                + " WHERE parked_because IS NULL");
    }

    /** Jobs that should be moving; their age is the time for which no item of one has begun or ended. */
    public Backlog jobs(Transaction tx) {
        return read(tx, """
                SELECT count(*) AS entries, MIN(moved) AS oldest, <utc> AS asked_at FROM (
                    SELECT GREATEST(
                        COALESCE(j.resumed_at, j.applied_at, j.created_at),
                        COALESCE(j.not_before, j.created_at),
                        COALESCE((SELECT MAX(i.started_at) FROM reseat.job_item i WHERE i.job = j.id), j.created_at),
                        COALESCE((SELECT MAX(i.ended_at) FROM reseat.job_item i WHERE i.job = j.id), j.created_at)
                    ) AS moved
                    FROM reseat.job j
                    WHERE j.state IN ('planning', 'running') AND (j.not_before IS NULL OR j.not_before <= <utc>)
                ) at_work
                """);
    }

    /** How many jobs there are in each state, of those that are not over. */
    public Map<Job.State, Integer> jobStates(Transaction tx) {
        Map<Job.State, Integer> counts = new EnumMap<>(Job.State.class);
        tx.handle()
                .createQuery("SELECT state, count(*) AS jobs FROM reseat.job WHERE ended_at IS NULL GROUP BY state")
                .map((result, context) -> Map.entry(
                        Job.State.valueOf(new Row(result).text("state").toUpperCase(Locale.ROOT)),
                        new Row(result).integer("jobs")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    private static Backlog read(Transaction tx, String query) {
        return tx.handle().createQuery(query).map((result, context) -> backlog(new Row(result))).one();
    }

    /** Who writes a row may be ahead of the database's clock. */
    private static Backlog backlog(Row row) throws SQLException {
        Instant now = row.time("asked_at");
        Instant oldest = row.optionalTime("oldest").filter(at -> at.isBefore(now)).orElse(now);
        return new Backlog(row.integer("entries"), Duration.between(oldest, now));
    }
}
