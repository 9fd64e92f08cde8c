package dev.reseat.api.store.cell;

import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One question to several cells at the same time. A cell that did not answer the last time is not waited for again
 * until it has been heard of: it would hold up the others.
 *
 * @param patience how long all of them together are waited for
 */
record SeveralCells(Collection<Cell> cells, Duration patience) {
    private record Asked<T>(Cell cell, Future<T> answer) {}

    /** @param enough whether after this answer the others need not be waited for */
    <T> Answers<T> ask(Function<Transaction, T> work, Predicate<T> enough) {
        return cells.size() == 1 ? alone(cells.iterator().next(), work) : together(work, enough);
    }

    private static <T> Answers<T> alone(Cell cell, Function<Transaction, T> work) {
        try {
            return new Answers<>(List.of(cell.transaction(work)), List.of());
        } catch (StoreException failure) {
            return new Answers<>(List.of(), List.of(new Answers.Silent(cell, failure)));
        }
    }

    private <T> Answers<T> together(Function<Transaction, T> work, Predicate<T> enough) {
        List<T> given = new ArrayList<>();
        List<Answers.Silent> silent = new ArrayList<>();
        Set<Cell> waiting = new LinkedHashSet<>();
        BlockingQueue<Asked<T>> ended = new LinkedBlockingQueue<>();
        for (Cell cell : cells) {
            Optional<StoreException> silence = cell.silence();
            if (silence.isPresent()) {
                silent.add(new Answers.Silent(cell, silence.get()));
            } else {
                waiting.add(cell);
                ask(cell, work, ended);
            }
        }
        Deadline deadline = Deadline.after(patience);
        boolean over = false;
        while (!over && !waiting.isEmpty()) {
            Optional<Asked<T>> next = next(ended, deadline);
            next.ifPresent(asked -> {
                waiting.remove(asked.cell());
                settle(asked, given, silent);
            });
            over = next.isEmpty() || (!given.isEmpty() && enough.test(given.getLast()));
            if (next.isEmpty()) {
                waiting.forEach(cell -> silent.add(outOfTime(cell)));
            }
        }
        return new Answers<>(given, silent);
    }

    private static <T> void ask(Cell cell, Function<Transaction, T> work, BlockingQueue<Asked<T>> ended) {
        FutureTask<T> task = new FutureTask<>(() -> cell.transaction(work));
        Thread.ofVirtual().name("cell " + cell).start(() -> {
            task.run();
            ended.add(new Asked<>(cell, task));
        });
    }

    private static <T> Optional<Asked<T>> next(BlockingQueue<Asked<T>> ended, Deadline deadline) {
        try {
            return Optional.ofNullable(ended.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static <T> void settle(Asked<T> asked, List<T> given, List<Answers.Silent> silent) {
        try {
            given.add(asked.answer().get());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StoreException failure -> silent.add(new Answers.Silent(asked.cell(), failure));
                case RuntimeException fault -> throw fault;
                case Error broke -> throw broke;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) { // it has ended: nothing is waited for
            Thread.currentThread().interrupt();
            silent.add(outOfTime(asked.cell()));
        }
    }

    private static Answers.Silent outOfTime(Cell cell) {
        var failure = new StoreException.Unavailable("the database did not answer in time", null);
        cell.isSilent(failure);
        return new Answers.Silent(cell, failure);
    }
}
