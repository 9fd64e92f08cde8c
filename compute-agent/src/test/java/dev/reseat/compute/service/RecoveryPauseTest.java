package dev.reseat.compute.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RecoveryPauseTest {
    @ParameterizedTest
    @CsvSource({"1, PT10S", "2, PT20S", "4, PT80S", "5, PT160S", "6, PT5M", "1000000, PT5M"})
    void thePauseDoublesUpToALimit(int rounds, Duration pause) {
        assertThat(RemovalRecovery.pauseAfter(rounds)).isEqualTo(pause);
    }
}
