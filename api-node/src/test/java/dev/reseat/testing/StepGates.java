package dev.reseat.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.reseat.api.store.Dialect;

/**
 * Stops repairs of chosen volumes where they are about to write a chosen step into the journal: whoever writes it waits
 * until the gates open, but no longer than the api-node lets its database take for a statement ({@code pool_timeout}).
 * One for each cloud at a time.
 */
public final class StepGates implements AutoCloseable {
    private static final int LOCK = 4711;
    private static final long LIMIT = 180;
    /** Longer than anybody is kept waiting. */
    private static final int PATIENCE = 600;

    private final CloudFixture cloud;
    private final OtherTransaction keeper;
    private boolean opened;

    private StepGates(CloudFixture cloud, OtherTransaction keeper) {
        this.cloud = cloud;
        this.keeper = keeper;
    }

    public static StepGates closed(CloudFixture cloud) {
        switch (EmbeddedDatabase.dialect()) {
            case POSTGRESQL -> installOnPostgresql(cloud);
            case MARIADB -> installOnMariaDb(cloud);
        }
        OtherTransaction keeper = OtherTransaction.on(cloud.cinder());
        keeper.run(tx -> tx.handle().execute(switch (tx.dialect()) {
            case POSTGRESQL -> "SELECT pg_advisory_xact_lock(" + LOCK + ")";
            case MARIADB -> "DO GET_LOCK('" + LOCK + "', " + PATIENCE + ")";
        }));
        return new StepGates(cloud, keeper);
    }

    private static void installOnPostgresql(CloudFixture cloud) {
        cloud.execute(cloud.cinder(), "CREATE TABLE IF NOT EXISTS gate (subject text, step text, phase text)");
        cloud.execute(cloud.cinder(), """
                CREATE OR REPLACE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF EXISTS (SELECT 1 FROM public.gate g JOIN reseat.journal j ON j.subject_id = g.subject
                               WHERE j.id = NEW.entry AND g.step = NEW.step AND g.phase = NEW.phase) THEN
                        PERFORM pg_advisory_xact_lock(%d);
                    END IF;
                    RETURN NEW;
                END $$""".formatted(LOCK));
        cloud.execute(cloud.cinder(), "CREATE OR REPLACE TRIGGER gates BEFORE INSERT ON reseat.journal_step"
                + " FOR EACH ROW EXECUTE FUNCTION pass_gate()");
    }

    /** A lock of the session, which is given back at once: there are none of a transaction. */
    private static void installOnMariaDb(CloudFixture cloud) {
        cloud.execute(cloud.cinder(), "CREATE TABLE IF NOT EXISTS gate (subject varchar(64), step varchar(64),"
                + " phase varchar(20)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        cloud.execute(cloud.cinder(), """
                CREATE OR REPLACE TRIGGER reseat.gates BEFORE INSERT ON reseat.journal_step FOR EACH ROW BEGIN
                    IF EXISTS (SELECT 1 FROM %s.gate g JOIN reseat.journal j ON BINARY j.subject_id = BINARY g.subject
                               WHERE j.id = NEW.entry AND g.step = NEW.step AND g.phase = NEW.phase) THEN
                        DO GET_LOCK('%d', %d);
                        DO RELEASE_LOCK('%d');
                    END IF;
                END""".formatted(cloud.databases().cinder().database(), LOCK, PATIENCE, LOCK));
    }

    /** @param phase {@code begun} or {@code done} */
    public void stop(String volume, String step, String phase) {
        cloud.execute(cloud.cinder(), "INSERT INTO gate VALUES (?, ?, ?)", volume, step, phase);
    }

    /** Returns when so many repairs stand before a gate. */
    public void awaitStopped(int count) {
        long end = System.nanoTime() + SECONDS.toNanos(LIMIT);
        long there = 0;
        while (there != count) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("there are " + there + " repairs before a gate, not " + count);
            }
            there = (long) cloud.row(cloud.cinder(), waiting()).get("n");
        }
    }

    private static String waiting() {
        return switch (EmbeddedDatabase.dialect()) {
            case POSTGRESQL -> "SELECT count(*) AS n FROM pg_locks, pg_sleep(0.02)"
                    + " WHERE locktype = 'advisory' AND objid = " + LOCK + " AND NOT granted";
            case MARIADB -> "SELECT count(*) AS n FROM information_schema.processlist, (SELECT sleep(0.02)) s"
                    + " WHERE state = 'User lock'";
        };
    }

    /** Lets every repair pass. Repeatable. */
    public void open() {
        if (opened) {
            return;
        }
        opened = true;
        if (EmbeddedDatabase.dialect() == Dialect.MARIADB) { // it would stay with the session, which others get
            keeper.run(tx -> tx.handle().execute("DO RELEASE_LOCK('" + LOCK + "')"));
        }
        keeper.close();
    }

    /** Opens the gates. */
    @Override
    public void close() {
        open();
    }
}
