package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class KeyedLocksTest {
    private final KeyedLocks locks = new KeyedLocks();

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void whoWaitsInVainIsToldByWhomTheLockIsHeldSinceWhen() {
        try (var _ = locks.hold("v-1", "reset_status", soon())) {
            assertThatThrownBy(() -> locks.hold("v-1", "test", Deadline.after(Duration.ofMillis(20))))
                    .isInstanceOf(KeyedLocks.TimedOut.class)
                    .hasMessageContaining(
                            "v-1 is held by reset_status since " + Instant.now().toString().substring(0, 4));
        }
        assertThat(locks.size()).isZero();
    }

    @Test
    void aSharedLockIsFreeWhenEverybodyHasClosedIt() {
        var first = locks.hold("v-1", "test", soon());
        var second = first.share();

        first.close();
        first.close();
        assertThatThrownBy(() -> locks.hold("v-1", "test", Deadline.after(Duration.ZERO)))
                .isInstanceOf(KeyedLocks.TimedOut.class);
        second.close();

        locks.hold("v-1", "test", soon()).close();
        assertThatThrownBy(first::share).isInstanceOf(IllegalStateException.class);
        assertThat(locks.size()).isZero();
    }

    @Test
    void oneAtATimePerKey() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        List<Future<?>> users = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                users.add(threads.submit(() -> {
                    try (var _ = locks.hold("v-1", "test", soon())) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                    }
                }));
            }
        }
        for (Future<?> user : users) {
            user.get();
        }
        assertThat(most).hasValue(1);
        assertThat(locks.size()).isZero();
    }

    @Test
    void differentKeysDoNotWaitForEachOther() throws Exception {
        try (var _ = locks.hold("v-1", "test", soon())) {
            CompletableFuture.runAsync(() -> locks.hold("v-2", "test", soon()).close()).get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoIsInterruptedWhileWaitingLeavesNothingBehind() throws Exception {
        var waiting = new CompletableFuture<Void>();
        var about = new CountDownLatch(1);
        Thread thread;
        try (var _ = locks.hold("v-1", "test", soon())) {
            thread = Thread.ofVirtual().start(() -> {
                about.countDown();
                try (var _ = locks.hold("v-1", "test", soon())) {
                    waiting.complete(null);
                } catch (IllegalStateException e) {
                    waiting.completeExceptionally(e);
                }
            });
            about.await();
            thread.interrupt();
            assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("v-1");
            assertThat(locks.size()).isOne();
        }
        assertThat(locks.size()).isZero();
    }
}
