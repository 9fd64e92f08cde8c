package dev.reseat.api.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Puts together what many threads ask the database at the same time: while one is being answered, the next ones gather,
 * and are then answered at once. Who comes alone is answered alone, without waiting. An answer is never older than its
 * question. Thread-safe; a transaction must not be open in the thread that asks.
 */
public final class Gathered<Q, A> {
    private final int most;
    private final Function<List<Q>, List<A>> together;
    private final Queue<Asked<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    /** Whoever has it answers all that wait; held while the database is asked: that is what the others wait for. */
    private final ReentrantLock turn = new ReentrantLock();

    /**
     * @param most so many at once
     * @param together answers each of them, in order; if it fails for several, each is asked alone, unless the database
     *     cannot be reached, or it broke by an {@link Error}
     */
    public Gathered(int most, Function<List<Q>, List<A>> together) {
        this.most = most;
        this.together = together;
    }

    /** Throws what the answering has thrown. */
    public A ask(Q question) {
        var asked = new Asked<Q, A>(question);
        waiting.add(asked);
        while (asked.answer.isEmpty()) {
            turn.lock();
            try {
                if (asked.answer.isEmpty()) {
                    answerThoseWaiting();
                }
            } finally {
                turn.unlock();
            }
        }
        return asked.answer.get().get();
    }

    /** How many wait for those to be answered who came before them. */
    int waiting() {
        return waiting.size();
    }

    private void answerThoseWaiting() {
        List<Asked<Q, A>> all = new ArrayList<>();
        for (Asked<Q, A> next = waiting.poll(); next != null; next = all.size() < most ? waiting.poll() : null) {
            all.add(next);
        }
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

    /** One question; its answer is written by whoever has the turn. */
    private static final class Asked<Q, A> {
        private final Q question;
        private volatile Optional<Answer<A>> answer = Optional.empty();

        Asked(Q question) {
            this.question = question;
        }

        void answered(A value) {
            answer = Optional.of(() -> value);
        }

        void failed(RuntimeException why) {
            answer = Optional.of(() -> {
                throw why;
            });
        }

        void broke(Error why) {
            answer = Optional.of(() -> {
                throw why;
            });
        }
    }
}
