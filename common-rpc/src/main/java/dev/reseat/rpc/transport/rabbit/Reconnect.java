package dev.reseat.rpc.transport.rabbit;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before connecting again.
 *
 * @param delay {@code kombu_reconnect_delay}: after a connection was lost, before the first attempt
 * @param splay {@code kombu_reconnect_splay}: up to so much more, at random
 * @param interval {@code rabbit_retry_interval}: after the first failed round over all hosts
 * @param backoff {@code rabbit_retry_backoff}: so much longer after every further one
 * @param longest {@code rabbit_interval_max}
 */
public record Reconnect(Duration delay, Duration splay, Duration interval, Duration backoff, Duration longest) {
    private static final Duration SHORTEST = Duration.ofMillis(10);

    /** Upstream's: reconnecting must not take longer than its servers wait for an acknowledgement. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(4_500);
    private static final Duration LONGEST = Duration.ofDays(1);

    static Reconnect from(Options options) {
        return new Reconnect(
                options.seconds("kombu_reconnect_delay", Duration.ofSeconds(1), LONGEST_DELAY),
                options.seconds("kombu_reconnect_splay", Duration.ZERO, LONGEST),
                options.seconds("rabbit_retry_interval", Duration.ofSeconds(1), LONGEST),
                options.seconds("rabbit_retry_backoff", Duration.ofSeconds(2), LONGEST),
                options.seconds("rabbit_interval_max", Duration.ofSeconds(30), LONGEST));
    }

    Duration afterLoss(RandomGenerator random) {
        return delay.plusMillis((long) (splay.toMillis() * random.nextDouble()));
    }

    /**
     * The second half of every wait is left to chance, so that the hosts of a cloud do not come back in step.
     *
     * @param failures rounds that have failed in a row, at least 1
     */
    Duration afterFailures(int failures, RandomGenerator random) {
        long planned = interval.plus(backoff.multipliedBy(failures - 1L)).toMillis();
        long capped = Math.max(SHORTEST.toMillis(), Math.min(planned, longest.toMillis()));
        return Duration.ofMillis(capped / 2 + (long) (capped / 2.0 * random.nextDouble()));
    }
}
