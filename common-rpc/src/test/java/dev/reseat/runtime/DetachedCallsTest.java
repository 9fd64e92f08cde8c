package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DetachedCallsTest {
    private final DetachedCalls calls = new DetachedCalls("backend", 2);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private static Deadline in(long millis) {
        return Deadline.after(Duration.ofMillis(millis));
    }

    /** Returns when the latch is open, whoever interrupts. */
    private static String hang(CountDownLatch open) {
        while (true) {
            try {
                open.await();
                return "late";
            } catch (InterruptedException e) {
                // as a system call that cannot be interrupted
            }
        }
    }

    @Test
    void whatComesBackInTimeIsHandedOn() {
        assertThat(calls.run("look", in(60_000), () -> "seen", () -> ended.complete(null))).isEqualTo("seen");
        assertThat(ended).isDone();
        assertThatThrownBy(() -> calls.run("look", in(60_000), () -> {
            throw new IllegalArgumentException("its own");
        }, () -> {})).isInstanceOf(IllegalArgumentException.class).hasMessage("its own");
        assertThat(calls.overdue()).isEmpty();
    }

    @Test
    void whatHangsIsGivenUpAtTheDeadlineAndSaidUntilItIsBack() throws Exception {
        var open = new CountDownLatch(1);

        assertThatThrownBy(() -> calls.run("look", in(50), () -> hang(open), () -> ended.complete(null)))
                .isInstanceOf(DetachedCalls.GivenUp.class)
                .hasMessageContaining("look of backend")
                .hasMessageContaining("outcome unknown");

        assertThat(calls.overdue()).singleElement().asString().startsWith("look since ");
        assertThat(ended).isNotDone();
        open.countDown();
        ended.get(30, TimeUnit.SECONDS);
        assertThat(calls.overdue()).isEmpty();
    }

    @Test
    void whatHangsIsInterruptedWhichEndsWhatCanBe() throws Exception {
        assertThatThrownBy(() -> calls.run("wait", in(50), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "";
        }, () -> ended.complete(null))).isInstanceOf(DetachedCalls.GivenUp.class);

        ended.get(30, TimeUnit.SECONDS);
    }

    @Test
    void whatDoesNotComeBackIsBoundedAndNamed() throws Exception {
        var open = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> calls.run("look", in(50), () -> hang(open), () -> {}))
                    .isInstanceOf(DetachedCalls.GivenUp.class);
        }

        assertThatThrownBy(() -> calls.run("next", in(50), () -> "", () -> ended.complete(null)))
                .isInstanceOf(DetachedCalls.NotBegun.class)
                .hasMessageContaining("2 of at most 2 calls do not come back: look since ");
        assertThat(ended).isDone();

        open.countDown();
        assertThat(calls.run("next", in(60_000), () -> "again", () -> {})).isEqualTo("again");
    }

    @Test
    void afterTheDeadlineNothingIsBegun() {
        assertThatThrownBy(() -> calls.run("look", in(0), () -> "", () -> ended.complete(null)))
                .isInstanceOf(DetachedCalls.NotBegun.class);
        assertThat(ended).isDone();
    }
}
