package dev.reseat.runtime;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs work that may never come back, such as a look at a file system that does not answer. Who calls waits until the
 * deadline and no longer. Each piece of work has a platform thread of its own: a system call that hangs keeps its
 * thread, and a virtual one would keep a carrier that everybody else needs. Bounded, so that what hangs does not pile
 * up. Thread-safe.
 */
public final class DetachedCalls {
    private static final System.Logger LOG = System.getLogger(DetachedCalls.class.getName());

    private final String name;
    private final int limit;
    private final Semaphore slots;
    private final Set<Call> out = ConcurrentHashMap.newKeySet();

    /**
     * @param name of whose calls these are
     * @param limit how many may be out at once, those included that were given up
     */
    public DetachedCalls(String name, int limit) {
        this.name = name;
        this.limit = limit;
        this.slots = new Semaphore(limit, true);
    }

    private record Call(String work, Instant since, Deadline deadline) {
        @Override
        public String toString() {
            return work + " since " + since;
        }
    }

    /** It was given up at its deadline, or who called was interrupted: it may still do its part, or never. */
    public static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private GivenUp(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Nothing was begun: the deadline came before there was room. */
    public static final class NotBegun extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotBegun(String message) {
            super(message);
        }
    }

    /**
     * Returns with the work, or at the deadline. What is given up is interrupted; where that is of no use it stays
     * behind, and has to see by the deadline itself that it may begin nothing more.
     *
     * @param what for logs and messages
     * @param ended run once, when the work has come back, however late, or is never begun
     * @throws GivenUp if the work has not come back by the deadline: its outcome is unknown
     * @throws NotBegun if it was not begun at all
     * @throws RuntimeException the work's own
     */
    public <T> T run(String what, Deadline deadline, Supplier<T> work, Runnable ended) {
        boolean begun = false;
        try {
            enter(what, deadline);
            Map<String, String> fields = LogFields.current();
            FutureTask<T> task = new FutureTask<>(() -> {
                try (var _ = LogFields.of(fields)) {
                    return work(what, deadline, work, ended);
                }
            });
            Thread thread = Thread.ofPlatform().daemon().name(name + "-" + what).unstarted(task);
            thread.start();
            begun = true;
            return await(what, deadline, task, thread);
        } finally {
            if (!begun) {
                ended.run();
            }
        }
    }

    /** What has outlived its deadline and is still out. */
    public List<String> overdue() {
        return out.stream().filter(call -> call.deadline().isOver()).map(Call::toString).sorted().toList();
    }

    private void enter(String what, Deadline deadline) {
        try {
            if (deadline.isOver() || !slots.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                List<String> overdue = overdue();
                throw new NotBegun("no time was left for " + what + " of " + name
                        + (overdue.isEmpty()
                                ? ""
                                : "; " + overdue.size() + " of at most " + limit + " calls do not come back: "
                                        + overdue.getFirst()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotBegun("interrupted before " + what + " of " + name);
        }
    }

    private <T> T work(String what, Deadline deadline, Supplier<T> work, Runnable ended) {
        Call call = new Call(what, Instant.now().truncatedTo(ChronoUnit.SECONDS), deadline);
        out.add(call);
        try {
            return work.get();
        } finally {
            out.remove(call);
            slots.release();
            if (deadline.isOver()) {
                LOG.log(System.Logger.Level.WARNING, "{0} of {1} has come back after it was given up", call, name);
            }
            ended.run();
        }
    }

    private <T> T await(String what, Deadline deadline, FutureTask<T> task, Thread thread) {
        try {
            return task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new GivenUp(what + " of " + name + " has not come back in time; outcome unknown", e);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new GivenUp("interrupted in " + what + " of " + name + "; outcome unknown", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
