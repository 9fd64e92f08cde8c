package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Lends transactions on one database. Safe for use by any number of threads; waits for a free connection. */
public final class Connections {
    private static final System.Logger LOG = System.getLogger(Connections.class.getName());
    /** Of one that loses against others again and again its caller hears. */
    private static final int ATTEMPTS = 5;

    private final String database;
    private final Dialect dialect;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    Connections(String database, Dialect dialect, HikariDataSource pool) {
        this.database = requireNonNull(database, "database is null");
        this.dialect = requireNonNull(dialect, "dialect is null");
        this.pool = pool;
        this.jdbi = Jdbi.create(pool).installPlugin(new StoredTypes(dialect));
    }

    /**
     * Runs the work in one READ COMMITTED transaction: committed if it returns, rolled back if it throws, and then its
     * exception is passed on. Never to be held across a remote call, never nested: two at a time can starve the pool.
     *
     * @param work may be run again, a few times: a transaction that the database has rolled back to let another one
     *     pass, or since a table was altered meanwhile, has not happened. So it changes nothing but the database
     * @throws StoreException if the database failed, at the latest one connection timeout after a free connection was
     *     asked for or a statement was sent
     */
    public <T> T transaction(Function<Transaction, T> work) {
        for (int attempt = 1;; attempt++) {
            try {
                return jdbi.inTransaction(handle -> work.apply(new Transaction(handle, dialect)));
            } catch (JdbiException failure) {
                StoreException translated = StoreException.translate(database, failure);
                boolean outdated = StoreException.isOutdated(failure);
                if (attempt == ATTEMPTS || (!outdated && !StoreException.isRolledBack(failure))) {
                    throw translated;
                }
                if (outdated) {
                    pool.getHikariPoolMXBean().softEvictConnections();
                }
                LOG.log(Level.DEBUG, "again, attempt {0}: {1}", attempt + 1, translated.getMessage());
            }
        }
    }

    /** The same for work without a result. */
    public void run(Consumer<Transaction> work) {
        transaction(tx -> {
            work.accept(tx);
            return null;
        });
    }

    /** For libraries with tables and statements of their own. */
    public DataSource pool() {
        return pool;
    }

    /**
     * Asks for a sign of life.
     *
     * @throws StoreException if there is none
     */
    public void check() {
        run(tx -> tx.handle().execute("SELECT 1"));
    }
}
