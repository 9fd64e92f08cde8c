package dev.reseat.api.store.journal;

import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Who owns journal entries: every started process has a number of its own, and holds an advisory lock on it for as long
 * as it lives. The lock is that of a session, so it is free the moment the process is gone, however it ended; a host
 * that vanishes without a word is noticed by the server within half a minute. A lost connection is made anew and the
 * number taken again.
 */
public final class ProcessLeases implements Service {
    /** First key of the locks; the owner's number is the second. */
    static final int LOCK_CLASS = 0x52536561;
    /** SQL: whether somebody holds the lock of column {@code owner}. */
    static final String HELD = "EXISTS (SELECT 1 FROM pg_locks held WHERE held.locktype = 'advisory' AND held.granted"
            + " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " AND held.objsubid = 2 AND CAST(held.classid AS bigint) = " + LOCK_CLASS
            + " AND CAST(held.objid AS bigint) = owner)";

    private static final System.Logger LOG = System.getLogger(ProcessLeases.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final PGSimpleDataSource source;
    private final CountDownLatch stopping = new CountDownLatch(1);
    // guarded by this: start and the watcher set it, stop closes it under the watcher's feet
    private Optional<OwnerSession> session = Optional.empty();
    private volatile OptionalLong number = OptionalLong.empty();

    @Inject
    public ProcessLeases(DatabaseConfig config) {
        source = config.cinder().dataSource(config.connectionTimeout());
        source.setSocketTimeout(source.getConnectTimeout() + 1);
        source.setApplicationName("reseat-owner");
    }

    /** Returns when this process has a number and holds its lock. The schema must be there. */
    @Override
    public void start() {
        try {
            OwnerSession first = OwnerSession.open(source);
            keep(first);
            long drawn = first.draw();
            if (!first.take(drawn)) {
                throw new StoreException.Broken(
                        "owner number " + drawn + " is held already: was the sequence set back?");
            }
            number = OptionalLong.of(drawn);
        } catch (SQLException failure) {
            throw StoreException.translate("cinder database", failure);
        }
        Thread.ofVirtual().name("reseat-owner").start(this::watch);
    }

    @Override
    public void stop() {
        stopping.countDown();
        synchronized (this) {
            session.ifPresent(OwnerSession::close);
            session = Optional.empty();
        }
    }

    /** @throws IllegalStateException if this service was not started */
    public long own() {
        return number.orElseThrow(() -> new IllegalStateException("the owners service is not started"));
    }

    /** Whether that owner's process lives, as the server sees it; of itself a process knows. */
    public boolean isAlive(Transaction tx, long owner) {
        return owner == own()
                || tx.handle()
                        .createQuery("SELECT " + HELD + " FROM (VALUES (CAST(:owner AS bigint))) asked (owner)")
                        .bind("owner", owner)
                        .mapTo(boolean.class)
                        .one();
    }

    private void watch() {
        Optional<OwnerSession> current = current();
        while (current.isPresent()) {
            current.get().awaitLoss();
            current = renewed();
        }
    }

    /** A session that holds the number again; none if this service stops. */
    private Optional<OwnerSession> renewed() {
        if (!isStopping()) {
            LOG.log(Level.WARNING, "the connection that holds owner number {0} is lost", own());
        }
        try {
            while (!isStopping()) {
                if (renew()) {
                    LOG.log(Level.INFO, "owner number {0} is held again", own());
                    return current();
                }
                stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /** @return false if the database is not back yet, or has not noticed that the old session is gone */
    private boolean renew() {
        try {
            OwnerSession next = OwnerSession.open(source);
            boolean taken = next.take(own());
            if (taken) {
                keep(next);
            } else {
                next.close();
            }
            return taken;
        } catch (SQLException failure) {
            LOG.log(Level.DEBUG, "owner number {0} cannot be taken again yet: {1}", own(), failure.getMessage());
            return false;
        }
    }

    private synchronized void keep(OwnerSession next) {
        if (isStopping()) {
            next.close();
        } else {
            session = Optional.of(next);
        }
    }

    private synchronized Optional<OwnerSession> current() {
        return session;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }
}
