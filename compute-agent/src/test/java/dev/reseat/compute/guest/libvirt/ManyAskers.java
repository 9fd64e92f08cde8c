package dev.reseat.compute.guest.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Threads that ask the same at the same time. */
final class ManyAskers<T> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<FutureTask<T>> questions = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    ManyAskers(int count, Callable<T> question) {
        for (int i = 0; i < count; i++) {
            FutureTask<T> asked = new FutureTask<>(question);
            questions.add(asked);
            threads.add(Thread.ofPlatform().daemon().start(asked));
        }
    }

    /** Returns when none of them goes on by itself: each waits for an answer, or for its turn. */
    void awaitWaiting() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)) {
            assertThat(System.nanoTime()).as("some do not come to wait").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    List<T> answers() throws ExecutionException, InterruptedException {
        List<T> answers = new ArrayList<>();
        for (FutureTask<T> question : questions) {
            answers.add(question.get());
        }
        return answers;
    }
}
