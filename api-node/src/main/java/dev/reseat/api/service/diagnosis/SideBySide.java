package dev.reseat.api.service.diagnosis;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Several questions at the same time, on virtual threads. Returns when all are answered: each ends by itself. If one
 * fails, its failure is thrown as it is, when all have ended.
 */
public final class SideBySide {
    private SideBySide() {}

    /** The same question to many. @return the answers, in order */
    public static <Q, A> List<A> all(List<Q> questions, Function<Q, A> ask) {
        List<Future<A>> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) { // its close waits
            answers = questions.stream().map(question -> threads.submit(() -> ask.apply(question))).toList();
        }
        return answers.stream().map(SideBySide::answer).toList();
    }

    /** Two different ones. */
    static <A, B, R> R both(Supplier<A> one, Supplier<B> other, BiFunction<A, B, R> join) {
        Future<A> first;
        Future<B> second;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) { // its close waits
            first = threads.submit(one::get);
            second = threads.submit(other::get);
        }
        return join.apply(answer(first), answer(second));
    }

    private static <A> A answer(Future<A> ended) {
        if (ended.state() == Future.State.FAILED) {
            switch (ended.exceptionNow()) {
                case RuntimeException failure -> throw failure;
                case Error broke -> throw broke;
                case Throwable checked -> throw new IllegalStateException(checked);
            }
        }
        return ended.resultNow();
    }
}
