package dev.reseat.volume.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Deadline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BackendTest {
    private final MemoryDriver driver = new MemoryDriver();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Backend backend = new Backend("host-1@memory1", "gold", driver, meters);

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    @Test
    void aVolumeIsItsOwnWhateverPoolItIsIn() {
        assertThat(backend.owns("host-1@memory1")).isTrue();
        assertThat(backend.owns("host-1@memory1#pool-a")).isTrue();
        assertThat(backend.owns("host-1@memory10")).isFalse();
        assertThat(backend.owns("host-1@memory10#memory1")).isFalse();
        assertThat(backend.owns("host-1")).isFalse();
    }

    @Test
    void nothingRunsBeforeTheDriverIsReadyAndEachCallTriesAgain() {
        driver.breakDown("prepare");

        assertThatThrownBy(() -> backend.run("any", soon(), VolumeDriver::name))
                .isInstanceOf(DriverException.NotReady.class);
        assertThat(backend.problem()).contains("the memory is full");

        driver.repair();

        assertThat(backend.run("any", soon(), VolumeDriver::name)).isEqualTo("memory");
        assertThat(backend.problem()).isEmpty();
    }

    @Test
    void everyCallIsCountedWithItsOutcome() {
        backend.run("good", soon(), VolumeDriver::name);
        assertThatThrownBy(() -> backend.run("bad", soon(), failing -> {
            throw new DriverException.BackendFailed("no");
        })).isInstanceOf(DriverException.BackendFailed.class);

        assertThat(timer("good", "ok")).isOne();
        assertThat(timer("bad", "BackendFailed")).isOne();
    }

    private long timer(String operation, String outcome) {
        return meters.get("reseat.driver.call")
                .tags("backend", "host-1@memory1", "driver", "memory", "operation", operation, "outcome", outcome)
                .timer()
                .count();
    }
}
