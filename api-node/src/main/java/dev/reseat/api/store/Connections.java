package dev.reseat.api.store;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Lends transactions on one database. Safe for use by any number of threads; waits for a free connection. */
public final class Connections {
    private final String database;
    private final Jdbi jdbi;

    Connections(String database, DataSource pool) {
        this.database = requireNonNull(database, "database is null");
        this.jdbi = Jdbi.create(pool).installPlugin(new StoredTypes());
    }

    /**
     * Runs the work in one READ COMMITTED transaction: committed if it returns, rolled back if it throws, and then its
     * exception is passed on. Never to be held across a remote call, never nested: two at a time can starve the pool.
     *
     * @throws StoreException if the database failed, at the latest one connection timeout after a free connection was
     *     asked for or a statement was sent
     */
    public <T> T transaction(Function<Transaction, T> work) {
        try {
            return jdbi.inTransaction(handle -> work.apply(new Transaction(handle)));
        } catch (JdbiException failure) {
            throw StoreException.translate(database, failure);
        }
    }

    /** The same for work without a result. */
    public void run(Consumer<Transaction> work) {
        transaction(tx -> {
            work.accept(tx);
            return null;
        });
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
