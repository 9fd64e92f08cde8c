package dev.reseat.api.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Puts together what many threads ask the database at the same time: while one is being answered, the next ones gather,
 * and are then answered at once. Where the last ones came together, the next one takes a breath first, since more will
 * come; who comes alone is answered alone, without waiting. An answer is never older than its question. Thread-safe; a
 * transaction must not be open in the thread that asks.
 */
public final class Gathered<Q, A> {
    private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(50);

    private final int most;
    private final Runnable breath;
    private final Function<List<Q>, List<A>> together;
    private final Queue<Asked<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    /** Whether somebody answers all that wait: while he asks the database the others gather. */
    private final AtomicBoolean answering = new AtomicBoolean();
    private volatile boolean cameTogether;

    /**
     * @param most so many at once
     * @param together answers each of them, in order; if it fails for several, each is asked alone, unless the database
     *     cannot be reached, or it broke by an {@link Error}
     */
    public Gathered(int most, Function<List<Q>, List<A>> together) {
        this(most, together, Gathered::breathe);
    }

    Gathered(int most, Function<List<Q>, List<A>> together, Runnable breath) {
        this.most = most;
        this.together = together;
        this.breath = breath;
    }

    /** Throws what the answering has thrown. */
    public A ask(Q question) {
        var asked = new Asked<Q, A>(question);
        waiting.add(asked);
        boolean interrupted = false;
        while (asked.answer.isEmpty()) {
            if (answering.compareAndSet(false, true)) {
                answerThoseWaiting(asked);
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted(); // or it would not be parked again
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return asked.answer.get().get();
    }

    /** Then it is the turn of the first of those that have come meanwhile. */
    private void answerThoseWaiting(Asked<Q, A> own) {
        try {
            if (own.answer.isEmpty()) {
                answerNext();
            }
        } finally {
            answering.set(false);
            Asked<Q, A> next = waiting.peek();
            if (next != null) {
                LockSupport.unpark(next.thread);
            }
        }
    }

    private static void breathe() {
        long end = System.nanoTime() + BREATH;
        for (long left = BREATH; left > 0 && !Thread.currentThread().isInterrupted(); left = end - System.nanoTime()) {
            LockSupport.parkNanos(left); // which may return early
        }
    }

    /** How many wait for those to be answered who came before them. */
    int waiting() {
        return waiting.size();
    }

    private void answerNext() {
        if (cameTogether) {
            breath.run();
        }
        List<Asked<Q, A>> all = new ArrayList<>();
        for (Asked<Q, A> next = waiting.poll(); next != null; next = all.size() < most ? waiting.poll() : null) {
            all.add(next);
        }
        cameTogether = all.size() > 1;
        try {
            answer(all);
        } catch (StoreException.Unavailable e) {
            all.forEach(one -> one.failed(e));
        } catch (Error e) { // whoever is is taken out of the queue would wait for ever
            all.forEach(one -> one.broke(e));
        } catch (RuntimeException e) {
            if (all.size() == 1) {
                all.getFirst().failed(e);
            } else {
                all.forEach(this::answerAlone);
            }
        }
    }

    private void answer(List<Asked<Q, A>> all) {
        List<A> answers = together.apply(all.stream().map(one -> one.question).toList());
        for (int i = 0; i < all.size(); i++) {
            all.get(i).answered(answers.get(i));
        }
    }

    private void answerAlone(Asked<Q, A> one) {
        try {
            answer(List.of(one));
        } catch (RuntimeException e) {
            one.failed(e);
        } catch (Error e) {
            one.broke(e);
        }
    }

    /** Those that were put together cannot be answered so: each has to be asked alone. */
    public static final class Apart extends RuntimeException {
        public Apart() {
            super("not to be answered together", null, false, false);
        }
    }

    private interface Answer<A> {
        A get();
    }

    /** One question; its answer is written by whoever answers, who then wakes the one that has asked. */
    private static final class Asked<Q, A> {
        private final Q question;
        private final Thread thread = Thread.currentThread();
        private volatile Optional<Answer<A>> answer = Optional.empty();

        Asked(Q question) {
            this.question = question;
        }

        void answered(A value) {
            tell(() -> value);
        }

        void failed(RuntimeException why) {
            tell(() -> {
                throw why;
            });
        }

        void broke(Error why) {
            tell(() -> {
                throw why;
            });
        }

        private void tell(Answer<A> told) {
            answer = Optional.of(told);
            LockSupport.unpark(thread);
        }
    }
}
