package dev.reseat.rpc.transport.rabbit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReconnectTest {
    private final Reconnect reconnect = new Reconnect(
            Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofSeconds(2),
            Duration.ofSeconds(30));

    /** Chance that always gives the same. */
    private static RandomGenerator fixed(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"1, 500, 1000", "2, 1500, 3000", "3, 2500, 5000", "15, 14500, 29000", "16, 15000, 30000",
            "1000000, 15000, 30000"})
    void waitsGrowUpToTheLongestAndAreHalfChance(int failures, long shortest, long longest) {
        assertEquals(Duration.ofMillis(shortest), reconnect.afterFailures(failures, fixed(0)));
        assertEquals(Duration.ofMillis(longest), reconnect.afterFailures(failures, fixed(1)));
    }

    @Test
    void theFirstAttemptAfterALossIsDelayedAndSpread() {
        assertEquals(Duration.ofSeconds(1), reconnect.afterLoss(fixed(0)));
        assertEquals(Duration.ofSeconds(3), reconnect.afterLoss(fixed(0.5)));
    }

    @Test
    void waitsOfZeroDoNotSpin() {
        Reconnect hasty = new Reconnect(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        assertEquals(Duration.ofMillis(5), hasty.afterFailures(1, fixed(0)));
    }
}
