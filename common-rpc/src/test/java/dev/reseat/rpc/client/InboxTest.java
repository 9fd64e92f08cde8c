package dev.reseat.rpc.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class InboxTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final List<Inbox<String>> waiting = new CopyOnWriteArrayList<>();
    private final Reminders reminders = new Reminders(() -> {
        waiting.forEach(Inbox::remind);
        return !waiting.isEmpty();
    });

    private Inbox<String> inbox(Duration time) {
        var inbox = new Inbox<String>(reminders, Deadline.after(time));
        waiting.add(inbox);
        return inbox;
    }

    @Test
    void whatHasHappenedIsToldInItsOrder() throws Exception {
        Inbox<String> inbox = inbox(LONG);
        inbox.add("one");
        inbox.add("two");
        assertEquals(Optional.of("one"), inbox.await(Deadline.after(LONG)));
        assertEquals(Optional.of("two"), inbox.await(Deadline.after(Duration.ZERO)));
        assertEquals(Optional.empty(), inbox.poll());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 600_000})
    void whoWaitsIsWoken(int millis) throws Exception {
        var ready = new SynchronousQueue<Inbox<String>>();
        var told = new CompletableFuture<Optional<String>>();
        Thread.ofVirtual().start(() -> {
            try {
                Inbox<String> inbox = inbox(Duration.ofMillis(millis));
                ready.put(inbox);
                told.complete(inbox.await(Deadline.after(LONG)));
            } catch (InterruptedException e) {
                told.completeExceptionally(e);
            }
        });
        ready.take().add("event");
        assertEquals(Optional.of("event"), told.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 900})
    void aWaitEndsAtItsDeadlineAndNotBefore(int millis) throws Exception {
        var deadline = Deadline.after(Duration.ofMillis(millis));
        assertEquals(Optional.empty(), inbox(Duration.ofMillis(millis)).await(deadline));
        assertTrue(deadline.isOver());
    }

    @Test
    void anInterruptEndsALongWait() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> inbox(LONG).await(Deadline.after(LONG)));
        assertFalse(Thread.interrupted());
    }

    @Test
    void thereAreNoRemindersWhenNobodyWaits() throws Exception {
        var some = new AtomicBoolean(true);
        var reminded = new SynchronousQueue<Boolean>();
        var counted = new Reminders(() -> {
            boolean any = some.get();
            try {
                reminded.offer(any, 10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return any;
        });
        counted.begin();
        counted.begin();
        assertEquals(true, reminded.take());
        some.set(false);
        while (reminded.take()) {
            assertFalse(some.get());
        }
        assertEquals(false, reminded.take()); // the second look
        assertEquals(null, reminded.poll(300, TimeUnit.MILLISECONDS));

        counted.begin();
        assertEquals(false, reminded.take());
        reminded.take();
    }
}
