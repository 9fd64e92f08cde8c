package dev.reseat.systemtest;

import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.OtherTransaction;

/**
 * Stops repairs of chosen subjects where they are about to write a chosen step into the journal: whoever writes it waits
 * until the gates open. One for each cloud at a time.
 */
final class StepGates implements AutoCloseable {
    private static final int LOCK = 4711;

    private final Cloud cloud;
    private final OtherTransaction keeper;

    private StepGates(Cloud cloud, OtherTransaction keeper) {
        this.cloud = cloud;
        this.keeper = keeper;
    }

    static StepGates closed(Cloud cloud) throws Exception {
        CloudFixture rows = cloud.rows();
        rows.execute(cloud.cinder(), "CREATE TABLE IF NOT EXISTS gate (subject text, step text, phase text)");
        rows.execute(cloud.cinder(), """
                CREATE OR REPLACE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF EXISTS (SELECT 1 FROM public.gate g JOIN reseat.journal j ON j.subject_id = g.subject
                               WHERE j.id = NEW.entry AND g.step = NEW.step AND g.phase = NEW.phase) THEN
                        PERFORM pg_advisory_xact_lock(%d);
                    END IF;
                    RETURN NEW;
                END $$""".formatted(LOCK));
        rows.execute(cloud.cinder(), "CREATE OR REPLACE TRIGGER gates BEFORE INSERT ON reseat.journal_step"
                + " FOR EACH ROW EXECUTE FUNCTION pass_gate()");
        OtherTransaction keeper = OtherTransaction.on(cloud.cinder());
        keeper.run(tx -> tx.handle().execute("SELECT pg_advisory_xact_lock(?)", LOCK));
        return new StepGates(cloud, keeper);
    }

    /** @param phase {@code begun} or {@code done} */
    void stop(String subject, String step, String phase) {
        cloud.rows().execute(cloud.cinder(), "INSERT INTO gate VALUES (?, ?, ?)", subject, step, phase);
    }

    /** Returns when so many repairs stand before a gate. */
    void awaitStopped(int count) {
        cloud.await(cloud.cinder(), "SELECT count(*) = " + count + " FROM pg_locks WHERE locktype = 'advisory'"
                + " AND objid = " + LOCK + " AND NOT granted");
    }

    /** Opens the gates. */
    @Override
    public void close() {
        keeper.close();
    }
}
