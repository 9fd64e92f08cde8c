package dev.reseat.api.store.job;

import dev.reseat.api.model.InstanceStop;
import dev.reseat.api.model.InstanceStop.State;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.OwedStart;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Instances that jobs stop and start, in the Cinder database. All times are the database's. Whoever has taken a row
 * writes it in his epoch; what is written in an earlier one is not written. Stateless.
 */
public final class InstanceStopTable {
    static final String OPEN = "state IN ('stopping', 'stopped', 'starting')";
    private static final String KEY = "job = :job AND instance_id = :instance";
    private static final String TAKEN = KEY + " AND epoch = :epoch AND " + OPEN;
    /** Whoever has taken one is given up after that. */
    private static final long GIVEN_UP_SECONDS = 60;

    @Inject
    public InstanceStopTable() {}

    /** What came of asking for an instance to be stopped. */
    public enum Wanted {
        /** It will be, or is. */
        UNDER_WAY,
        /** Another job is at it, or it is being started again. */
        LATER,
        /** The job has done with it: it could not be stopped, or somebody else has started it. */
        NO_MORE
    }

    /** An instance is to be stopped for a job. One after the other over all api-nodes. */
    public Wanted want(Transaction tx, UUID job, String instance, String host) {
        JobTable.pass(tx);
        Optional<State> before = state(tx, job, instance);
        return switch (before.orElse(State.STARTED)) {
            case STOPPING, STOPPED -> Wanted.UNDER_WAY;
            case STARTING -> Wanted.LATER;
            case NOT_STOPPED, LEFT_STOPPED, LEFT_ALONE -> Wanted.NO_MORE;
            case STARTED -> {
                if (!mayBegin(tx, job, instance)) {
                    yield Wanted.LATER;
                }
                open(tx, job, instance, host, before.isPresent());
                yield Wanted.UNDER_WAY;
            }
        };
    }

    /** Whether an instance that is stopped stays so for this job, as far as jobs are concerned. */
    public boolean mayBegin(Transaction tx, UUID job, String instance) {
        return keyed(
                tx.handle()
                        .createQuery("SELECT NOT EXISTS (SELECT 1 FROM reseat.instance_stop"
                                + " WHERE instance_id = :instance AND " + OPEN
                                + " AND (job <> :job OR state = 'starting'))"),
                job, instance)
                .mapTo(boolean.class)
                .one();
    }

    private static void open(Transaction tx, UUID job, String instance, String host, boolean again) {
        String sql = again
                ? "UPDATE reseat.instance_stop SET state = 'stopping', host = :host, request_id = :request, asked = 0,"
                        + " sent = 0, epoch = epoch + 1, since = <utc>, due_at = <utc>, detail = NULL WHERE " + KEY
                : "INSERT INTO reseat.instance_stop (job, instance_id, host, state, request_id, since, due_at)"
                        + " VALUES (:job, :instance, :host, 'stopping', :request, <utc>, <utc>)";
        keyed(tx.handle().createUpdate(sql), job, instance)
                .bind("host", host)
                .bind("request", RequestContext.newRequestId())
                .execute();
    }

    private static Optional<State> state(Transaction tx, UUID job, String instance) {
        return keyed(tx.handle().createQuery("SELECT state FROM reseat.instance_stop WHERE " + KEY), job, instance)
                .map((result, context) -> state(result.getString("state")))
                .findOne();
    }

    /** Whether anything is owed to any instance. */
    public boolean anyOpen(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.instance_stop WHERE " + OPEN + ")")
                .mapTo(boolean.class)
                .one();
    }

    /** The same by one job. */
    public boolean anyOpen(Transaction tx, UUID job) {
        return tx.handle()
                .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.instance_stop WHERE job = :job AND " + OPEN + ")")
                .bind("job", job)
                .mapTo(boolean.class)
                .one();
    }

    /** How many of a job's instances are in each state; states without any are not in it. */
    public Map<State, Integer> count(Transaction tx, UUID job) {
        Map<State, Integer> counts = new EnumMap<>(State.class);
        tx.handle()
                .createQuery("SELECT state, count(*) AS n FROM reseat.instance_stop WHERE job = :job GROUP BY state")
                .bind("job", job)
                .map((result, context) -> Map.entry(state(result.getString("state")), result.getInt("n")))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /** Those of a job that are owed a start, and what was said of each last: those nobody starts any more are first. */
    public List<OwedStart> owed(Transaction tx, UUID job, int limit) {
        return tx.handle()
                .createQuery("SELECT instance_id, host, state, detail FROM reseat.instance_stop"
                        + " WHERE job = :job AND state IN ('starting', 'left_stopped')"
                        + " ORDER BY state, instance_id LIMIT :limit")
                .bind("job", job)
                .bind("limit", limit)
                .map((result, context) -> {
                    Row row = new Row(result);
                    return new OwedStart(
                            row.text("instance_id"), row.text("host"), state(row.text("state")),
                            row.optionalText("detail"));
                })
                .list();
    }

    /**
     * Takes those that are due. {@code SKIP LOCKED} only spares waiting: the epoch decides.
     *
     * @param within how long one may be in a state
     */
    public List<InstanceStop> take(Transaction tx, Duration within, int limit) {
        List<InstanceStop> due = tx.handle()
                .createQuery("SELECT s.*, s.since < <utc> - INTERVAL '" + within.toSeconds()
                        + "' SECOND AS overdue FROM reseat.instance_stop s WHERE " + OPEN
                        + " AND due_at <= <utc> ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED")
                .bind("limit", limit)
                .map((result, context) -> stop(new Row(result)))
                .list();
        List<InstanceStop> taken = new ArrayList<>();
        for (InstanceStop stop : due) {
            if (written(tx, stop, "epoch = epoch + 1, due_at = <utc> + INTERVAL '" + GIVEN_UP_SECONDS + "' SECOND")) {
                taken.add(stop.taken());
            }
        }
        return taken;
    }

    /**
     * Nova is about to be asked for what the state wants; the time for that counts from the first time on.
     *
     * @return false if somebody else has taken it
     */
    public boolean asking(Transaction tx, InstanceStop stop) {
        // in this order: MariaDB reads what it has set before
        return written(tx, stop, "since = CASE WHEN asked = 0 THEN <utc> ELSE since END, asked = asked + 1");
    }

    /** Everything that it was asked for was sent. */
    public boolean sent(Transaction tx, InstanceStop stop) {
        return written(tx, stop, "sent = asked");
    }

    /** It stays as it is, and is looked at again. */
    public boolean again(Transaction tx, InstanceStop stop, Duration pause, Optional<String> detail) {
        return detail(update(tx, stop, "due_at = <utc> + INTERVAL '" + pause.toSeconds()
                + "' SECOND, detail = COALESCE(:detail, detail)"), detail).execute() == 1;
    }

    /** It stays as it is, and its time counts anew: it is not its turn. */
    public boolean hold(Transaction tx, InstanceStop stop, Duration pause, String detail) {
        return detail(update(tx, stop, "since = <utc>, due_at = <utc> + INTERVAL '" + pause.toSeconds()
                + "' SECOND, detail = :detail"), Optional.of(detail)).execute() == 1;
    }

    /** Whether it is still taken by whoever has taken it so; nobody else takes it until the transaction ends. */
    public boolean holds(Transaction tx, InstanceStop stop) {
        return written(tx, stop, "due_at = <utc> + INTERVAL '" + GIVEN_UP_SECONDS + "' SECOND");
    }

    /** What was said of it last. */
    public Optional<String> detail(Transaction tx, InstanceStop stop) {
        return keyed(
                tx.handle().createQuery("SELECT detail FROM reseat.instance_stop WHERE " + KEY), stop.job(),
                stop.instanceId())
                .mapTo(String.class)
                .findOne();
    }

    /** It gets another state. @return false if somebody else has taken it: nothing was changed */
    public boolean move(Transaction tx, InstanceStop stop, State to, Optional<String> detail) {
        return detail(update(tx, stop, "state = :to, asked = 0, sent = 0, since = <utc>, due_at = <utc>,"
                + " detail = COALESCE(:detail, detail)"), detail)
                .bind("to", to.name().toLowerCase(Locale.ROOT))
                .execute() == 1;
    }

    /**
     * What has failed is tried once more: what is stopped still is owed its start again, and what was not stopped, or
     * left alone, may be stopped.
     */
    public void renew(Transaction tx, UUID job) {
        tx.handle()
                .createUpdate("UPDATE reseat.instance_stop SET state = 'stopped', since = <utc>, due_at = <utc>,"
                        + " epoch = epoch + 1 WHERE job = :job AND state = 'left_stopped'")
                .bind("job", job)
                .execute();
        tx.handle()
                .createUpdate("DELETE FROM reseat.instance_stop"
                        + " WHERE job = :job AND state IN ('not_stopped', 'left_alone')")
                .bind("job", job)
                .execute();
    }

    /** Items of the instance that are held may begin, now that it is stopped. */
    public int letGo(Transaction tx, InstanceStop stop) {
        return items(tx, stop, "state = 'waiting', due_at = NULL", "state = 'held'").execute();
    }

    /** Items in these states have failed with the instance. */
    public int fail(Transaction tx, InstanceStop stop, Collection<JobItem.State> states, String why) {
        Update update = items(
                tx, stop, "state = 'failed', epoch = epoch + 1, detail = :detail, ended_at = <utc>",
                "state IN (<states>)");
        return detail(update, Optional.of(why)).bindList("states", JobItemTable.words(states)).execute();
    }

    /** Whether an item of the instance, with a lower position than that, is in one of these states. */
    public boolean any(Transaction tx, InstanceStop stop, Collection<JobItem.State> states, int below) {
        return keyed(
                tx.handle()
                        .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job_item WHERE " + KEY
                                + " AND position < :below AND state IN (<states>))"),
                stop.job(), stop.instanceId())
                .bind("below", below)
                .bindList("states", JobItemTable.words(states))
                .mapTo(boolean.class)
                .one();
    }

    /** Whether a repair of one of its volumes has ended with something that is not as it was. */
    public boolean anyHalfDone(Transaction tx, InstanceStop stop) {
        return keyed(
                tx.handle()
                        .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job_item i JOIN reseat.journal j"
                                + " ON j.request_id = i.request_id AND j.subject_id = i.volume_id"
                                + " WHERE i.job = :job AND i.instance_id = :instance AND i.state = 'failed'"
                                + " AND j.state = 'failed')"),
                stop.job(), stop.instanceId())
                .mapTo(boolean.class)
                .one();
    }

    private static Update items(Transaction tx, InstanceStop stop, String columns, String condition) {
        return keyed(
                tx.handle()
                        .createUpdate("UPDATE reseat.job_item SET " + columns + " WHERE " + KEY + " AND " + condition),
                stop.job(), stop.instanceId());
    }

    private static boolean written(Transaction tx, InstanceStop stop, String columns) {
        return update(tx, stop, columns).execute() == 1;
    }

    private static Update update(Transaction tx, InstanceStop stop, String columns) {
        return keyed(
                tx.handle().createUpdate("UPDATE reseat.instance_stop SET " + columns + " WHERE " + TAKEN), stop.job(),
                stop.instanceId()).bind("epoch", stop.epoch());
    }

    private static Update detail(Update update, Optional<String> detail) {
        return update.bind("detail", detail.orElse(null));
    }

    private static <S extends SqlStatement<S>> S keyed(S statement, UUID job, String instance) {
        return statement.bind("job", job).bind("instance", instance);
    }

    private static InstanceStop stop(Row row) throws SQLException {
        return new InstanceStop(
                row.uuid("job"), row.text("instance_id"), row.text("host"), state(row.text("state")),
                row.text("request_id"), row.integer("asked"), row.integer("sent"), row.number("epoch"),
                row.bool("overdue"));
    }

    private static State state(String word) {
        return State.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
