package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class InstanceStopsTest {
    @Test
    void whoIsAskedInVainIsAskedLessAndLessOften() {
        assertThat(Stream.of(0, 1, 2, 3, 4, 5).map(InstanceStops::pause).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L);
        assertThat(Stream.of(6, 7, 64, Integer.MAX_VALUE).map(InstanceStops::pause))
                .containsOnly(Duration.ofMinutes(1));
    }
}
