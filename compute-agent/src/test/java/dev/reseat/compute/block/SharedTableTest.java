package dev.reseat.compute.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** However many ask, none is told what was there before he asked. */
final class SharedTableTest {
    private static final int ASKERS = 200;

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void whoeverAsksWhileItIsReadSharesTheNextReading() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SharedTable<Integer> table = new SharedTable<>("a table", () -> {
            int number = reads.incrementAndGet();
            begun.countDown();
            await(go);
            return number;
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> early = threads.submit(table::get);
            await(begun);
            Callable<Integer> question = table::get;
            List<Future<Integer>> late = Stream.generate(() -> threads.submit(question)).limit(ASKERS).toList();
            go.countDown();

            assertThat(early.get()).isEqualTo(1);
            for (Future<Integer> one : late) {
                assertThat(one.get()).isGreaterThan(1);
            }
        }
        assertThat(reads.get()).as("a few, and not one for each").isLessThan(ASKERS / 10);
    }

    @Test
    void whatCannotBeReadIsNoTable() {
        SharedTable<Integer> table = new SharedTable<>("a table", () -> {
            throw new IOException("sysfs is away " + reads.incrementAndGet());
        });
        assertThatThrownBy(table::get).isInstanceOf(IOException.class).hasMessage("sysfs is away 1");
        assertThatThrownBy(table::get).hasMessage("sysfs is away 2");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
