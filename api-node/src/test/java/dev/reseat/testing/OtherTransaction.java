package dev.reseat.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.reseat.api.store.Connections;
import dev.reseat.api.store.Transaction;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A transaction of somebody else, which stays open until the test says how it ends. */
public final class OtherTransaction implements AutoCloseable {
    private static final long LIMIT = 20;

    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final AtomicInteger backend = new AtomicInteger();
    private final CompletableFuture<Void> end;

    private interface Step {
        /** @return whether the transaction goes on */
        boolean in(Transaction tx);
    }

    /** Thrown to make the transaction roll back. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private OtherTransaction(Connections connections) {
        end = CompletableFuture.runAsync(() -> connections.run(this::work), task -> Thread.ofVirtual().start(task));
    }

    /** Returns when the transaction has begun. */
    public static OtherTransaction on(Connections connections) {
        OtherTransaction other = new OtherTransaction(connections);
        other.backend.set(other.run(
                tx -> tx.handle().createQuery(mine(tx)).mapTo(Integer.class).one()));
        return other;
    }

    /** Does something in it. */
    public <T> T run(Function<Transaction, T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        steps.add(tx -> {
            try {
                result.complete(work.apply(tx));
            } catch (RuntimeException failure) {
                result.completeExceptionally(failure);
            }
            return true;
        });
        return result.orTimeout(LIMIT, SECONDS).join();
    }

    /** Returns when some statement of that database waits for a lock of this transaction. */
    public void awaitBlocked(Connections connections) {
        long deadline = System.nanoTime() + SECONDS.toNanos(LIMIT);
        boolean blocked = false;
        while (!blocked) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("nobody waits for the other transaction");
            }
            blocked = connections.transaction(tx -> tx.handle()
                    .createQuery(waiting(tx))
                    .bind("pid", backend.get())
                    .mapTo(Boolean.class)
                    .one());
        }
    }

    private static String mine(Transaction tx) {
        return switch (tx.dialect()) {
            case POSTGRESQL -> "SELECT pg_backend_pid()";
            case MARIADB -> "SELECT connection_id()";
        };
    }

    private static String waiting(Transaction tx) {
        return switch (tx.dialect()) {
            case POSTGRESQL -> "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
                    + " WHERE :pid = ANY(pg_blocking_pids(pid))) FROM pg_sleep(0.01)";
            // what is asked for more often than ten times a second is an old answer
            case MARIADB -> "SELECT EXISTS (SELECT 1 FROM information_schema.innodb_lock_waits w"
                    + " JOIN information_schema.innodb_trx t ON t.trx_id = w.blocking_trx_id"
                    + " WHERE t.trx_mysql_thread_id = :pid) FROM (SELECT sleep(0.15)) s";
        };
    }

    public void commit() throws Exception {
        steps.add(tx -> false);
        end.get(LIMIT, SECONDS);
    }

    public void rollback() {
        close();
    }

    /** Rolls it back if it is still open. */
    @Override
    public void close() {
        steps.add(tx -> {
            throw new RolledBack();
        });
        end.exceptionally(failure -> null).orTimeout(LIMIT, SECONDS).join();
    }

    private void work(Transaction tx) {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = steps.take().in(tx);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
