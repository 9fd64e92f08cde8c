package dev.reseat.api.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Why the database did not do it, sorted by what the caller can do. The transaction it happened in is rolled back. */
public abstract sealed class StoreException extends RuntimeException {
    private static final Set<String> LATER = Set.of("08", "53");
    // MariaDB's own numbers, where its states say less: too many connections; read-only; killed; out of time
    private static final Set<Integer> LATER_NUMBERS = Set.of(1040, 1203, 1226, 1290, 1836, 1317, 1927, 1969, 3024);
    // unique keys; a lock held too long
    private static final Set<Integer> CONFLICTING_NUMBERS = Set.of(1062, 1586, 1205);
    // rolled back for another one, on this node or, with Galera, on another; a row has changed since it was read
    private static final Set<Integer> ROLLED_BACK_NUMBERS = Set.of(1213, 1020);
    // characters that a column has not
    private static final int INCORRECT_VALUE = 1366;
    // statement timeout; shutdown, crash and start-up of the server; a standby that only reads
    private static final Set<String> LATER_CODES = Set.of("57014", "57P01", "57P02", "57P03", "25006");
    // unique and exclusion violation, lock timeout
    private static final Set<String> CONFLICTS = Set.of("23505", "23P01", "55P03");
    private static final String ROLLED_BACK = "40";
    // PostgreSQL: a statement was prepared before somebody added a column to its table
    private static final String PREPARED_BEFORE = "0A000";
    private static final String DATA = "22";

    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The database cannot be reached, or has no room or time: try again later. If the connection went during the
     * commit, the transaction may have been committed: read before repeating it.
     */
    public static final class Unavailable extends StoreException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Somebody else was there first: a unique key, a deadlock, a lock held too long. Read again and decide anew. */
    public static final class Conflict extends StoreException {
        public Conflict(String message) {
            super(message, null);
        }

        public Conflict(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A value fits no column: too long, too large, of characters that the database has not. Nothing was changed. */
    public static final class Unfit extends StoreException {
        public Unfit(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The statement, the schema or the permissions are wrong. Repeating it does not help. */
    public static final class Broken extends StoreException {
        public Broken(String message) {
            super(message, null);
        }

        public Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * For this room and those below it: names a failure of the driver, of Jdbi or of Flyway once and for all. Only the
     * driver's own exception is kept as the cause: the libraries' messages repeat statements and their values.
     */
    public static StoreException translate(String database, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return translate(database, sql);
            }
        }
        return new Broken(database + ": " + failure.getClass().getSimpleName(), failure);
    }

    /** Whether the database has undone the whole transaction to let another one pass: it may be tried again at once. */
    static boolean isRolledBack(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return String.valueOf(sql.getSQLState()).startsWith(ROLLED_BACK)
                        || ROLLED_BACK_NUMBERS.contains(sql.getErrorCode());
            }
        }
        return false;
    }

    /** Whether the connection knows its tables as they were: another one, made from now on, does not. */
    static boolean isOutdated(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return PREPARED_BEFORE.equals(sql.getSQLState());
            }
        }
        return false;
    }

    private static StoreException translate(String database, SQLException failure) {
        int number = failure.getErrorCode();
        String state = String.valueOf(failure.getSQLState());
        String message = database + ": " + failure.getMessage();
        if (failure instanceof SQLTransientConnectionException
                || failure.getCause() instanceof InterruptedException
                || LATER_CODES.contains(state)
                || LATER_NUMBERS.contains(number)
                || LATER.stream().anyMatch(state::startsWith)) {
            return new Unavailable(message, failure);
        }
        if (CONFLICTS.contains(state) || CONFLICTING_NUMBERS.contains(number) || isRolledBack(failure)) {
            return new Conflict(message, failure);
        }
        if (state.startsWith(DATA) || number == INCORRECT_VALUE) {
            return new Unfit(message, failure);
        }
        return new Broken(message, failure);
    }
}
