package dev.reseat.api.store.finding;

import dev.reseat.api.model.Finding;
import dev.reseat.api.model.FindingCount;
import dev.reseat.api.model.FindingFilter;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** What sweeps have found. Stateless. */
public final class FindingTable {
    /** SQL: the state of a row, as {@link Finding#state} has it. */
    private static final String STATE = "CASE WHEN gone_since IS NOT NULL THEN 'gone'"
            + " WHEN ignored_at IS NOT NULL THEN 'ignored'"
            + " WHEN sweeps < " + Finding.CONFIRMED + " THEN 'new' ELSE 'confirmed' END";

    @Inject
    public FindingTable() {}

    /** All that there ever were of these volumes. */
    public List<Finding> ofVolumes(Transaction tx, Collection<String> volumeIds) {
        return findings(tx.handle()
                .createQuery("SELECT * FROM reseat.finding WHERE volume_id IN (<ids>)")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(volumeIds)));
    }

    public Optional<Finding> find(Transaction tx, String id) {
        return findings(tx.handle().createQuery("SELECT * FROM reseat.finding WHERE id = :id").bind("id", id))
                .stream()
                .findFirst();
    }

    /** Those that are not gone and that this sweep has not seen; in the order of their ids, after one of them. */
    public List<Finding> unseen(Transaction tx, long sweep, String after, int limit) {
        return findings(tx.handle()
                .createQuery("""
                        SELECT * FROM reseat.finding
                        WHERE gone_since IS NULL AND last_sweep < :sweep AND id > :after ORDER BY id LIMIT :limit
                        """)
                .bind("sweep", sweep)
                .bind("after", after)
                .bind("limit", limit));
    }

    /** In the order of their ids, after one of them. */
    public List<Finding> list(Transaction tx, FindingFilter filter, String after, int limit) {
        String conditions = (filter.patterns().isEmpty() ? "" : " AND pattern IN (<patterns>)")
                + (filter.withoutPatterns().isEmpty() ? "" : " AND pattern NOT IN (<without>)")
                + (filter.verdicts().isEmpty() ? "" : " AND verdict IN (<verdicts>)")
                + (filter.states().isEmpty() ? "" : " AND " + STATE + " IN (<states>)")
                + (filter.volumeId().isEmpty() ? "" : " AND volume_id = :volumeId")
                + (filter.backend().isEmpty() ? "" : " AND backend = :backend")
                + (filter.host().isEmpty() ? "" : " AND host = :host")
                + (filter.projectId().isEmpty() ? "" : " AND project_id = :projectId");
        Query query = tx.handle()
                .createQuery("SELECT * FROM reseat.finding WHERE id > :after" + conditions
                        + " ORDER BY id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit);
        if (!filter.patterns().isEmpty()) {
            query.bindList("patterns", List.copyOf(filter.patterns()));
        }
        if (!filter.withoutPatterns().isEmpty()) {
            query.bindList("without", List.copyOf(filter.withoutPatterns()));
        }
        if (!filter.verdicts().isEmpty()) {
            query.bindList("verdicts", List.copyOf(filter.verdicts()));
        }
        if (!filter.states().isEmpty()) {
            query.bindList("states", filter.states().stream().map(Finding.State::text).toList());
        }
        filter.volumeId().ifPresent(id -> query.bind("volumeId", id));
        filter.backend().ifPresent(name -> query.bind("backend", name));
        filter.host().ifPresent(name -> query.bind("host", name));
        filter.projectId().ifPresent(id -> query.bind("projectId", id));
        return findings(query);
    }

    /** How many there are that are not gone. */
    public List<FindingCount> count(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT pattern, verdict, COALESCE(backend, '') AS backend, " + STATE + " AS stage,"
                        + " count(*) AS findings, MIN(since) AS oldest FROM reseat.finding WHERE gone_since IS NULL"
                        + " GROUP BY pattern, verdict, COALESCE(backend, ''), " + STATE)
                .map((result, context) -> {
                    Row row = new Row(result);
                    return new FindingCount(
                            row.text("pattern"), row.text("verdict"), row.text("backend"), row.text("stage"),
                            row.integer("findings"), row.time("oldest"));
                })
                .list();
    }

    public void insert(Transaction tx, Collection<Finding> found) {
        write(tx, """
                INSERT INTO reseat.finding (id, volume_id, pattern, place, verdict, status, project_id, backend, host,
                    repair, automatic, facts, first_seen, since, last_seen, last_sweep, sweeps, gone_since)
                VALUES (:id, :volumeId, :pattern, :place, :verdict, :status, :projectId, :backend, :host,
                    :repair, :automatic, :facts, :firstSeen, :since, :lastSeen, :lastSweep, :sweeps, :goneSince)
                """, found);
    }

    /** What a sweep knows of them; who ignores them is left as it is. */
    public void update(Transaction tx, Collection<Finding> found) {
        write(tx, """
                UPDATE reseat.finding SET verdict = :verdict, status = :status, project_id = :projectId,
                    backend = :backend, host = :host, repair = :repair, automatic = :automatic, facts = :facts,
                    since = :since, last_seen = :lastSeen, last_sweep = :lastSweep, sweeps = :sweeps,
                    gone_since = :goneSince, job = :job
                WHERE id = :id
                """, found);
    }

    private static void write(Transaction tx, String sql, Collection<Finding> found) {
        if (found.isEmpty()) {
            return;
        }
        PreparedBatch batch = tx.handle().prepareBatch(sql);
        for (Finding one : found) {
            Finding.Sight sight = one.sight();
            batch.bind("id", one.id())
                    .bind("volumeId", sight.key().volumeId())
                    .bind("pattern", sight.key().pattern())
                    .bind("place", sight.key().place())
                    .bind("verdict", sight.verdict())
                    .bind("status", sight.status().orElse(null))
                    .bind("projectId", sight.projectId().orElse(null))
                    .bind("backend", sight.backend().orElse(null))
                    .bind("host", sight.host().orElse(null))
                    .bind("repair", sight.repair())
                    .bind("automatic", sight.automatic())
                    .bind("facts", sight.facts())
                    .bind("firstSeen", one.firstSeen())
                    .bind("since", one.since())
                    .bind("lastSeen", one.lastSeen())
                    .bind("lastSweep", one.lastSweep())
                    .bind("sweeps", one.sweeps())
                    .bind("goneSince", one.goneSince().orElse(null))
                    .bind("job", one.job().orElse(null))
                    .add();
        }
        batch.execute();
    }

    /** @return false if there is no such finding */
    public boolean ignore(Transaction tx, String id, Finding.Ignored ignored) {
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.finding SET ignored_at = :at, ignored_by = :by, ignore_reason = :reason
                        WHERE id = :id
                        """)
                .bind("id", id)
                .bind("at", ignored.at())
                .bind("by", ignored.by())
                .bind("reason", ignored.reason().orElse(null))
                .execute() == 1;
    }

    /** @return false if there is no such finding */
    public boolean unignore(Transaction tx, String id) {
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.finding SET ignored_at = NULL, ignored_by = NULL, ignore_reason = NULL
                        WHERE id = :id
                        """)
                .bind("id", id)
                .execute() == 1;
    }

    /** A policy has made a job of these. @return of how many: of others it had made one before */
    public int inJob(Transaction tx, Collection<String> ids, String job) {
        return tx.handle()
                .createUpdate("UPDATE reseat.finding SET job = :job WHERE id IN (<ids>) AND job IS NULL")
                .bind("job", job)
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(ids))
                .execute();
    }

    /** Forgets those that were gone before, unless somebody ignores them. */
    public void forget(Transaction tx, Instant before) {
        tx.handle()
                .createUpdate("DELETE FROM reseat.finding WHERE gone_since < :before AND ignored_at IS NULL")
                .bind("before", before)
                .execute();
    }

    private static List<Finding> findings(Query query) {
        return query.map((result, context) -> finding(new Row(result))).list();
    }

    private static Finding finding(Row row) throws SQLException {
        Optional<Instant> ignoredAt = row.optionalTime("ignored_at");
        String by = row.optionalText("ignored_by").orElse("");
        Optional<String> reason = row.optionalText("ignore_reason");
        return new Finding(
                row.text("id"),
                new Finding.Sight(
                        new Finding.Key(row.text("volume_id"), row.text("pattern"), row.text("place")),
                        row.text("verdict"),
                        row.optionalText("status"),
                        row.optionalText("project_id"),
                        row.optionalText("backend"),
                        row.optionalText("host"),
                        row.text("repair"),
                        row.bool("automatic"),
                        row.text("facts")),
                row.time("first_seen"),
                row.time("since"),
                row.time("last_seen"),
                row.number("last_sweep"),
                row.integer("sweeps"),
                row.optionalTime("gone_since"),
                ignoredAt.map(at -> new Finding.Ignored(at, by, reason)),
                row.optionalText("job"));
    }
}
