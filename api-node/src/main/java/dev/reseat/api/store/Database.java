package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Cinder's and Nova's database, or Nova's API database where that names cells. A database that is down when this
 * service starts is waited for; one that goes down later makes calls fail as {@link StoreException.Unavailable} until
 * it is back, without a restart. No transaction spans two of them.
 */
public final class Database implements Service {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int IDLE_CONNECTIONS = 2;

    private final DatabaseConfig config;
    // both guarded by this
    private final Map<String, HikariDataSource> pools = new HashMap<>();
    private Optional<Opened> opened = Optional.empty();

    /** @param api of Nova; then it is cells that have the rest of Nova's rows, and nova is empty */
    private record Opened(Connections cinder, Optional<Connections> nova, Optional<Connections> api) {}

    @Inject
    public Database(DatabaseConfig config) {
        this.config = requireNonNull(config, "config is null");
    }

    /**
     * Returns when both databases have the tables of this version. They are only looked at, unless they are ours to
     * make.
     *
     * @throws StoreException.Unavailable if one could not be reached in time
     * @throws StoreException.Broken if one refuses us, or is not what its name says
     */
    @Override
    public void start() {
        Deadline deadline = Deadline.after(config.startTimeout());
        // where all is ours, nobody else would do it
        prepare(new Migrations(config.createOpenstackTables(), config.createOpenstackTables()), deadline);
        synchronized (this) {
            opened = Optional.of(new Opened(
                    open("cinder", "cinder database", config.cinder()),
                    hasApi() ? Optional.empty() : Optional.of(open("nova", "nova database", config.nova())),
                    config.novaApi().map(url -> open("nova-api", "nova API database", url))));
        }
    }

    /**
     * Makes our own tables, or brings them to this version; to be run by one process at a time. Starts nothing.
     *
     * @throws StoreException if it cannot be done
     */
    public void sync() {
        prepare(new Migrations(config.createOpenstackTables(), true), Deadline.after(config.startTimeout()));
    }

    private void prepare(Migrations migrations, Deadline deadline) {
        reach("cinder database", config.cinder(), deadline, migrations::cinder);
        if (hasApi()) {
            reach("nova API database", config.novaApi().orElseThrow(), deadline, migrations::novaApi);
        } else {
            reach("nova database", config.nova(), deadline, migrations::nova);
        }
    }

    @Override
    public synchronized void stop() {
        opened = Optional.empty();
        pools.values().forEach(HikariDataSource::close);
        pools.clear();
    }

    /** @throws IllegalStateException if this service was not started, or was stopped */
    public Connections cinder() {
        return opened().cinder();
    }

    /**
     * Nova's, where it has one cell.
     *
     * @throws IllegalStateException if this service was not started, or was stopped, or there are cells
     */
    public Connections nova() {
        return opened().nova().orElseThrow(() -> new IllegalStateException("Nova's rows are in cells"));
    }

    /** Whether Nova's API database says which cells there are. */
    public boolean hasApi() {
        return config.novaApi().isPresent();
    }

    /** @throws IllegalStateException as {@link #nova}, or if there is none */
    public Connections api() {
        return opened().api().orElseThrow(() -> new IllegalStateException("there is no API database of Nova"));
    }

    private synchronized Opened opened() {
        return opened.orElseThrow(() -> new IllegalStateException("the database service is not started"));
    }

    private interface Migration {
        void run(String name, DatabaseUrl url, DataSource source);
    }

    private void reach(String name, DatabaseUrl url, Deadline deadline, Migration migration) {
        DataSource source = url.dataSource(config.connectionTimeout());
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                migration.run(name, url, source);
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

    /**
     * Connections to one more database, made when they are needed; whether it is there does not matter yet.
     *
     * @param pool names the pool for {@link #close}; one of that name is replaced
     * @param database for messages
     */
    public Connections open(String pool, String database, DatabaseUrl url) {
        close(pool);
        HikariDataSource opening = pool(pool, url);
        synchronized (this) {
            pools.put(pool, opening);
        }
        return new Connections(database, url.dialect(), opening);
    }

    /**
     * Ends what {@link #open} has opened; what is under way fails. Repeatable. With a server that says nothing it takes
     * its time, for which nobody but the caller waits.
     */
    public void close(String pool) {
        Optional<HikariDataSource> ending;
        synchronized (this) {
            ending = Optional.ofNullable(pools.remove(pool));
        }
        ending.ifPresent(HikariDataSource::close);
    }

    private HikariDataSource pool(String name, DatabaseUrl url) {
        long timeout = config.connectionTimeout().toMillis();
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("reseat-" + name);
        pool.setDataSource(url.session(config.connectionTimeout()));
        pool.setMaximumPoolSize(config.maxPoolSize());
        pool.setMinimumIdle(Math.min(IDLE_CONNECTIONS, config.maxPoolSize()));
        pool.setConnectionTimeout(timeout);
        pool.setValidationTimeout(Math.min(timeout, TimeUnit.SECONDS.toMillis(5)));
        pool.setInitializationFailTimeout(-1);
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        if (url.dialect() == Dialect.POSTGRESQL) {
            pool.setConnectionInitSql(PostgresqlSource.firstStatement(config.connectionTimeout()));
        }
        return new HikariDataSource(pool);
    }
}
