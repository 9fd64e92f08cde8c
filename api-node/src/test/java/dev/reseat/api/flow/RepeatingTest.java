package dev.reseat.api.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.runtime.Service.Drained;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RepeatingTest {
    @Test
    void aDefectDoesNotEndTheRepetition() throws InterruptedException {
        var runs = new CountDownLatch(3);
        var repeating = new Repeating("test", Duration.ofMillis(1), () -> {
            runs.countDown();
            throw new IllegalStateException("a defect");
        });
        repeating.start();

        assertThat(runs.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(repeating.drain(Duration.ofSeconds(5))).isEqualTo(Drained.CLEAN);
        repeating.stop();
    }

    @Test
    void aDrainWaitsForTheRunThatIsUnderWay() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var repeating = new Repeating("test", Duration.ofHours(1), () -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        repeating.start();
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        assertThat(repeating.drain(Duration.ofMillis(20))).isEqualTo(Drained.FORCED);
        goOn.countDown();
        assertThat(repeating.drain(Duration.ofSeconds(5))).isEqualTo(Drained.CLEAN);
    }

    @Test
    void whatWasNeverStartedCanBeDrainedAndStopped() {
        var repeating = new Repeating("test", Duration.ofHours(1), () -> {});

        assertThat(repeating.drain(Duration.ofSeconds(1))).isEqualTo(Drained.CLEAN);
        repeating.stop();
    }
}
