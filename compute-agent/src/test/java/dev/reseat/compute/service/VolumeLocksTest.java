package dev.reseat.compute.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class VolumeLocksTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final VolumeLocks locks = new VolumeLocks();

    @Test
    void oneThreadAtATimeWorksOnAVolume() throws InterruptedException {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var counted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try (VolumeLocks.Held _ = locks.lock("v1")) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                }
                counted.incrementAndGet();
            }));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(LIMIT)).isTrue();
        }
        assertThat(counted).hasValue(200);
        assertThat(most).hasValue(1);
    }

    @Test
    void volumesDoNotWaitForEachOther() throws InterruptedException {
        var other = new CountDownLatch(1);
        try (VolumeLocks.Held _ = locks.lock("v1")) {
            Thread.ofVirtual().start(() -> {
                try (VolumeLocks.Held _ = locks.lock("v2")) {
                    other.countDown();
                }
            });
            assertThat(other.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }
}
