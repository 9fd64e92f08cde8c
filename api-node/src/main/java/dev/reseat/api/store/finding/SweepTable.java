package dev.reseat.api.store.finding;

import dev.reseat.api.model.Sweep;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/** The sweeps there were. One at most is running, and only that one's process writes. Stateless. */
public final class SweepTable {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Names of the silent that are kept. */
    private static final int NAMED = 200;

    @Inject
    public SweepTable() {}

    /** The database's clock. */
    public Instant now(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT <utc> AS present")
                .map((result, context) -> new Row(result).time("present"))
                .one();
    }

    /**
     * Begins the next one. One that was left by a process whose lease has run out, or by this process itself, is
     * abandoned: whoever still works on it can write no more.
     *
     * @param owner lease of this process
     * @return its number; empty while another process is at one
     */
    public OptionalLong begin(Transaction tx, long owner, String node) {
        Instant now = now(tx);
        tx.handle().execute("UPDATE reseat.sweep_gate SET turn = turn + 1 WHERE id = 1");
        tx.handle()
                .createUpdate("""
                        UPDATE reseat.sweep SET state = 'abandoned', ended_at = :now, why = 'its api-node is gone'
                        WHERE state = 'running' AND (owner = :owner OR NOT EXISTS (
                            SELECT 1 FROM reseat.lease l
                            WHERE l.owner = sweep.owner AND l.expires_at > CURRENT_TIMESTAMP(6)))
                        """)
                .bind("now", now)
                .bind("owner", owner)
                .execute();
        if (tx.handle()
                .createQuery("SELECT count(*) FROM reseat.sweep WHERE state = 'running'")
                .mapTo(int.class)
                .one() > 0) {
            return OptionalLong.empty();
        }
        long id = tx.handle().createQuery("SELECT turn FROM reseat.sweep_gate WHERE id = 1").mapTo(long.class).one();
        tx.handle()
                .createUpdate("""
                        INSERT INTO reseat.sweep (id, owner, node, state, started_at, silent_hosts, silent_backends,
                            silent_cells)
                        VALUES (:id, :owner, :node, 'running', :now, '{}', '{}', '{}')
                        """)
                .bind("id", id)
                .bind("owner", owner)
                .bind("node", node)
                .bind("now", now)
                .execute();
        return OptionalLong.of(id);
    }

    /**
     * Counts what was looked at. Nobody ends the sweep or begins another one until the transaction has ended.
     *
     * @return false if it is not running any more: nothing may be written in its name
     */
    public boolean advance(Transaction tx, long id, int volumes, int unknown) {
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.sweep
                        SET volumes = volumes + :volumes, unknown_volumes = unknown_volumes + :unknown, turn = turn + 1
                        WHERE id = :id AND state = 'running'
                        """)
                .bind("id", id)
                .bind("volumes", volumes)
                .bind("unknown", unknown)
                .execute() == 1;
    }

    /** Who was asked, and who has not answered. */
    public void asked(
            Transaction tx, long id, int hosts, int backends, Map<String, String> silentHosts,
            Map<String, String> silentBackends, Map<String, String> silentCells) {
        tx.handle()
                .createUpdate("""
                        UPDATE reseat.sweep SET hosts = :hosts, backends = :backends, silent_hosts = :silentHosts,
                            silent_backends = :silentBackends, silent_cells = :silentCells
                        WHERE id = :id AND state = 'running'
                        """)
                .bind("id", id)
                .bind("hosts", hosts)
                .bind("backends", backends)
                .bind("silentHosts", json(silentHosts))
                .bind("silentBackends", json(silentBackends))
                .bind("silentCells", json(silentCells))
                .execute();
    }

    /** @return false if it was not running any more */
    public boolean end(Transaction tx, long id, String state, Optional<String> why) {
        return tx.handle()
                .createUpdate("""
                        UPDATE reseat.sweep SET state = :state, why = :why, ended_at = :now
                        WHERE id = :id AND state = 'running'
                        """)
                .bind("id", id)
                .bind("state", state)
                .bind("why", why.orElse(null))
                .bind("now", now(tx))
                .execute() == 1;
    }

    /** Forgets those that began before. */
    public void forget(Transaction tx, Instant before) {
        tx.handle()
                .createUpdate("DELETE FROM reseat.sweep WHERE started_at < :before AND state <> 'running'")
                .bind("before", before)
                .execute();
    }

    /** The latest, latest first. */
    public List<Sweep> latest(Transaction tx, int limit) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.sweep ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((result, context) -> sweep(new Row(result)))
                .list();
    }

    /** The latest that has seen everything. */
    public Optional<Sweep> latestDone(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT * FROM reseat.sweep WHERE state = 'done' ORDER BY id DESC LIMIT 1")
                .map((result, context) -> sweep(new Row(result)))
                .findOne();
    }

    private static String json(Map<String, String> silent) {
        Map<String, String> some = new LinkedHashMap<>();
        silent.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(NAMED)
                .forEach(
                        entry -> some.put(entry.getKey(), entry.getValue()));
        return JSON.writeValueAsString(some);
    }

    private static Map<String, String> silent(String json) {
        Map<String, String> silent = new LinkedHashMap<>();
        JSON.readTree(json).properties().forEach(entry -> silent.put(entry.getKey(), entry.getValue().asString()));
        return silent;
    }

    private static Sweep sweep(Row row) throws SQLException {
        return new Sweep(
                row.number("id"),
                row.text("node"),
                row.text("state"),
                row.optionalText("why"),
                row.time("started_at"),
                row.optionalTime("ended_at"),
                row.integer("volumes"),
                row.integer("unknown_volumes"),
                row.integer("hosts"),
                row.integer("backends"),
                silent(row.text("silent_hosts")),
                silent(row.text("silent_backends")),
                silent(row.text("silent_cells")));
    }
}
