package dev.reseat.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * Stops repairs of chosen volumes where they are about to write a chosen step into the journal: whoever writes it waits
 * until the gates open. One for each cloud at a time.
 */
public final class StepGates implements AutoCloseable {
    private static final int LOCK = 4711;
    private static final long LIMIT = 60;
    private static final String WAITING = "SELECT count(*) AS n FROM pg_locks, pg_sleep(0.02)"
            + " WHERE locktype = 'advisory' AND objid = " + LOCK + " AND NOT granted";

    private final CloudFixture cloud;
    private final OtherTransaction keeper;

    private StepGates(CloudFixture cloud, OtherTransaction keeper) {
        this.cloud = cloud;
        this.keeper = keeper;
    }

    public static StepGates closed(CloudFixture cloud) throws Exception {
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
        OtherTransaction keeper = OtherTransaction.on(cloud.cinder());
        keeper.run(tx -> tx.handle().execute("SELECT pg_advisory_xact_lock(?)", LOCK));
        return new StepGates(cloud, keeper);
    }

    /** @param phase {@code begun} or {@code done} */
    public void stop(String volume, String step, String phase) {
        cloud.execute(cloud.cinder(), "INSERT INTO gate VALUES (?, ?, ?)", volume, step, phase);
    }

    /** Returns when so many repairs stand before a gate. */
    public void awaitStopped(int count) {
        long end = System.nanoTime() + SECONDS.toNanos(LIMIT);
        while ((long) cloud.row(cloud.cinder(), WAITING).get("n") != count) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("there are not " + count + " repairs before a gate");
            }
        }
    }

    /** Lets every repair pass. Repeatable. */
    public void open() {
        keeper.close();
    }

    /** Opens the gates. */
    @Override
    public void close() {
        open();
    }
}
