package dev.reseat.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GatheredTest {
    private final List<List<Integer>> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** What becomes of a group that does not hold the first question. */
    private Function<List<Integer>, List<Integer>> answer = asked -> asked.stream().map(one -> -one).toList();
    private final AtomicInteger breaths = new AtomicInteger();
    /** Until when a breath is taken. */
    private volatile BooleanSupplier breathed = () -> true;
    private final Gathered<Integer, Integer> gathered = new Gathered<>(10, this::together, this::breathe);

    private List<Integer> together(List<Integer> asked) {
        groups.add(asked);
        if (asked.contains(0)) {
            answering.countDown();
            await(goOn);
            return List.of(0);
        }
        return answer.apply(asked);
    }

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void whoComesAloneIsAnsweredAlone() {
        assertThat(gathered.ask(7)).isEqualTo(-7);
        assertThat(groups).containsExactly(List.of(7));
    }

    @Test
    void whoComesMeanwhileIsAnsweredTogetherAfterwards() throws Exception {
        List<Future<Integer>> answers = askWhileAnotherIsAnswered(25);

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(-i);
        }
        assertThat(groups).hasSize(4).allSatisfy(group -> assertThat(group).hasSizeLessThanOrEqualTo(10));
    }

    @Test
    void whereTheLastCameTogetherTheNextOneIsWaitedFor() throws Exception {
        for (Future<Integer> answer : askWhileAnotherIsAnswered(3)) {
            answer.get(30, TimeUnit.SECONDS);
        }
        assertThat(groups).hasSize(2);
        assertThat(breaths).hasValue(0);
        breathed = () -> gathered.waiting() == 2;

        List<Future<Integer>> answers = List.of(threads.submit(asking(3)), threads.submit(asking(4)));

        assertThat(List.of(answers.get(0).get(30, TimeUnit.SECONDS), answers.get(1).get(30, TimeUnit.SECONDS)))
                .containsExactly(-3, -4);
        assertThat(groups).hasSize(3);
        assertThat(breaths).hasValue(1);
        breathed = () -> true;
        gathered.ask(5);
        gathered.ask(6);
        assertThat(groups).hasSize(5);
        assertThat(breaths).as("the one after several, and none after one").hasValue(2);
    }

    @Test
    void whoIsInterruptedGetsTheAnswerAndIsStillInterrupted() throws Exception {
        Future<Integer> first = threads.submit(asking(0));
        await(answering);
        Future<Boolean> interrupted = threads.submit(() -> {
            Thread.currentThread().interrupt();
            return gathered.ask(1) == -1 && Thread.currentThread().isInterrupted();
        });
        awaitWaiting(1);
        goOn.countDown();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(first.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void oneThatCannotBeAnsweredFailsAlone() throws Exception {
        answer = asked -> {
            if (asked.contains(3)) {
                throw asked.size() > 1 ? new Gathered.Apart() : new IllegalStateException("three");
            }
            return asked.stream().map(one -> -one).toList();
        };

        List<Future<Integer>> answers = askWhileAnotherIsAnswered(6);

        assertThatThrownBy(() -> answers.get(3).get(30, TimeUnit.SECONDS)).hasRootCauseMessage("three");
        assertThat(answers.get(5).get(30, TimeUnit.SECONDS)).isEqualTo(-5);
        assertThat(answers.get(1).get(30, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @Test
    void aDatabaseThatCannotBeReachedIsNotAskedAgainForEach() throws Exception {
        answer = _ -> {
            throw new StoreException.Unavailable("away", null);
        };

        List<Future<Integer>> answers = askWhileAnotherIsAnswered(6);

        for (Future<Integer> one : answers.subList(1, 6)) {
            assertThatThrownBy(() -> one.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("away");
        }
        assertThat(groups).hasSize(2);
    }

    @Test
    void anErrorEndsTheWaitOfEverybodyWhoWasPutTogether() throws Exception {
        answer = _ -> {
            throw new StackOverflowError("deep");
        };

        List<Future<Integer>> answers = askWhileAnotherIsAnswered(6);

        for (Future<Integer> one : answers.subList(1, 6)) {
            assertThatThrownBy(() -> one.get(30, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(StackOverflowError.class);
        }
        assertThat(groups).hasSize(2);
    }

    @Test
    void anErrorOfOneWhoIsAnsweredAloneKeepsNobodyElseWaiting() throws Exception {
        answer = asked -> {
            if (asked.size() > 1) {
                throw new Gathered.Apart();
            }
            if (asked.contains(2)) {
                throw new StackOverflowError("deep");
            }
            return asked.stream().map(one -> -one).toList();
        };

        List<Future<Integer>> answers = askWhileAnotherIsAnswered(6);

        assertThatThrownBy(() -> answers.get(2).get(30, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(answers.get(5).get(30, TimeUnit.SECONDS)).isEqualTo(-5);
    }

    /** The first is being answered until all others wait. */
    private List<Future<Integer>> askWhileAnotherIsAnswered(int count) {
        List<Future<Integer>> answers = new ArrayList<>(List.of(threads.submit(asking(0))));
        await(answering);
        for (int i = 1; i < count; i++) {
            answers.add(threads.submit(asking(i)));
        }
        awaitWaiting(count - 1);
        goOn.countDown();
        return answers;
    }

    private void awaitWaiting(int count) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (gathered.waiting() < count) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private void breathe() {
        breaths.incrementAndGet();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!breathed.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private Callable<Integer> asking(int question) {
        return () -> gathered.ask(question);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
