package dev.reseat.api.store.journal;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * This process as an owner of journal entries: it takes a lease at its start, renews it while it lives and gives it up
 * at its end. One that is killed, or cut off from the database, keeps its entries until the lease runs out by the
 * database's clock; then others may adopt them. Whether it has lost them it learns from {@link JournalTable}, whose
 * every write asks.
 */
public final class ProcessLeases implements Service {
    private static final System.Logger LOG = System.getLogger(ProcessLeases.class.getName());
    private static final int RENEWALS = 3;

    private final Database database;
    private final LeaseTable table;
    private final LeaseConfig config;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile OptionalLong number = OptionalLong.empty();

    @Inject
    public ProcessLeases(Database database, LeaseTable table, LeaseConfig config) {
        this.database = database;
        this.table = table;
        this.config = config;
    }

    /** Returns when this process has a lease. The schema must be there. */
    @Override
    public void start() {
        number = OptionalLong.of(database.cinder().transaction(tx -> table.take(tx, holder(), config.time())));
        Thread.ofVirtual().name("reseat-lease").start(this::keep);
    }

    /** Its entries may be adopted from here on. */
    @Override
    public void stop() {
        stopping.countDown();
        number.ifPresent(owner -> {
            try {
                database.cinder().run(tx -> table.release(tx, owner));
            } catch (StoreException | IllegalStateException e) { // it runs out by itself
                LOG.log(Level.DEBUG, "lease {0} is not given up: {1}", owner, e.getMessage());
            }
        });
    }

    /** @throws IllegalStateException if this service was not started */
    public long own() {
        return number.orElseThrow(() -> new IllegalStateException("the leases service is not started"));
    }

    private void keep() {
        try {
            while (!stopping.await(config.time().toMillis() / RENEWALS, TimeUnit.MILLISECONDS)) {
                renew();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A lease that is gone stays gone: another number would not bring back what was adopted, and costs nothing. */
    private void renew() {
        try {
            if (stopping.getCount() > 0
                    && !database.cinder().transaction(tx -> table.renew(tx, own(), config.time()))) {
                long lost = own();
                number = OptionalLong.of(database.cinder().transaction(tx -> table.take(tx, holder(), config.time())));
                LOG.log(Level.WARNING, "lease {0} is gone; this process is owner {1} now", lost, own());
            }
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "lease {0} cannot be renewed: {1}", own(), e.getMessage());
        } catch (RuntimeException e) { // a defect must not end the renewals: all that is in hand would be lost
            LOG.log(Level.ERROR, "renewing lease " + own() + " broke", e);
        }
    }

    private static String holder() {
        return System.getenv().getOrDefault("HOSTNAME", "-") + " " + ProcessHandle.current().pid();
    }
}
