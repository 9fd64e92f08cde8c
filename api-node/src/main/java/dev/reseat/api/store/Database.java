package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Cinder's and Nova's database. A database that is down when this service starts is waited for; one that goes down
 * later makes calls fail as {@link StoreException.Unavailable} until it is back, without a restart. No transaction
 * spans both.
 */
public final class Database implements Service {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int IDLE_CONNECTIONS = 2;

    private final DatabaseConfig config;
    // both guarded by this
    private final List<HikariDataSource> pools = new ArrayList<>();
    private Optional<Opened> opened = Optional.empty();

    private record Opened(Connections cinder, Connections nova) {}

    @Inject
    public Database(DatabaseConfig config) {
        this.config = requireNonNull(config, "config is null");
    }

    /**
     * Returns when both databases have the tables of this version.
     *
     * @throws StoreException.Unavailable if one could not be reached in time
     * @throws StoreException.Broken if one refuses us, or is not what its name says
     */
    @Override
    public void start() {
        Deadline deadline = Deadline.after(config.startTimeout());
        Migrations migrations = new Migrations(config.createOpenstackTables());
        reach("cinder database", config.cinder(), deadline, migrations::cinder);
        reach("nova database", config.nova(), deadline, migrations::nova);
        synchronized (this) {
            opened = Optional.of(new Opened(pool("cinder", config.cinder()), pool("nova", config.nova())));
        }
    }

    @Override
    public synchronized void stop() {
        opened = Optional.empty();
        pools.forEach(HikariDataSource::close);
        pools.clear();
    }

    /** @throws IllegalStateException if this service was not started, or was stopped */
    public Connections cinder() {
        return opened().cinder();
    }

    /** @throws IllegalStateException if this service was not started, or was stopped */
    public Connections nova() {
        return opened().nova();
    }

    private synchronized Opened opened() {
        return opened.orElseThrow(() -> new IllegalStateException("the database service is not started"));
    }

    private interface Migration {
        void run(String name, PGSimpleDataSource source);
    }

    private void reach(String name, DatabaseUrl url, Deadline deadline, Migration migration) {
        PGSimpleDataSource source = url.dataSource(config.connectionTimeout());
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                migration.run(name, source);
                return;
            } catch (StoreException.Unavailable failure) {
                if (deadline.isOver()) {
                    throw new StoreException.Unavailable(
                            name + " at " + url + " did not come up within " + config.startTimeout().toSeconds()
                                    + " seconds: " + reason(failure),
                            failure);
                }
                LOG.log(Level.WARNING, "{0} at {1} cannot be reached yet: {2}", name, url, reason(failure));
            }
            pause(pause, deadline);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private static String reason(StoreException failure) {
        return failure.getCause() == null ? failure.getMessage() : failure.getCause().getMessage();
    }

    private static void pause(Duration pause, Deadline deadline) {
        Duration remaining = deadline.remaining();
        try {
            TimeUnit.NANOSECONDS.sleep((remaining.compareTo(pause) < 0 ? remaining : pause).toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable("interrupted while waiting for the database", interrupted);
        }
    }

    private Connections pool(String name, DatabaseUrl url) {
        long timeout = config.connectionTimeout().toMillis();
        PGSimpleDataSource source = url.dataSource(config.connectionTimeout());
        // the last resort, if a server says nothing at all; by then it should have cancelled the statement
        source.setSocketTimeout(source.getConnectTimeout() + 1);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("reseat-" + name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(config.maxPoolSize());
        pool.setMinimumIdle(Math.min(IDLE_CONNECTIONS, config.maxPoolSize()));
        pool.setConnectionTimeout(timeout);
        pool.setValidationTimeout(Math.min(timeout, TimeUnit.SECONDS.toMillis(5)));
        pool.setInitializationFailTimeout(-1);
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        // waiting for a lock ends first, so that the failure names the reason
        pool.setConnectionInitSql("SET statement_timeout = " + timeout + "; SET lock_timeout = " + timeout * 3 / 4);
        HikariDataSource opening = new HikariDataSource(pool);
        pools.add(opening);
        return new Connections(name + " database", opening);
    }
}
