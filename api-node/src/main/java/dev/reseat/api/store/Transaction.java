package dev.reseat.api.store;

import org.jdbi.v3.core.Handle;

/**
 * A transaction on one of the databases, lent by {@link Connections} for the time of a callback. Passing it to a table
 * is all a caller does with it. Not to be kept, and for one thread only.
 */
public final class Transaction {
    private final Handle handle;
    private final Dialect dialect;

    Transaction(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.dialect = dialect;
    }

    /** For the tables below this room. */
    public Handle handle() {
        return handle;
    }

    /** For what cannot be said in the words of one statement. */
    public Dialect dialect() {
        return dialect;
    }
}
