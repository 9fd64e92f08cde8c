package dev.reseat.rpc.server;

import java.time.Duration;

/**
 * How a server works.
 *
 * @param workers how many methods run at once ({@code executor_thread_pool_size}); further messages wait at the broker
 * @param ping whether {@code oslo_rpc_server_ping} is answered ({@code rpc_ping_enabled})
 * @param replyRetryTimeout how long an answer is tried again while its reply queue is missing
 *     ({@code kombu_missing_consumer_retry_timeout})
 */
public record ServerConfig(int workers, boolean ping, Duration replyRetryTimeout) {
    public static final ServerConfig DEFAULT = new ServerConfig(64, false);

    /** With upstream's minute for missing reply queues. */
    public ServerConfig(int workers, boolean ping) {
        this(workers, ping, Duration.ofMinutes(1));
    }

    public ServerConfig {
        if (workers < 1) {
            throw new IllegalArgumentException("executor_thread_pool_size must be at least 1: " + workers);
        }
        if (replyRetryTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "kombu_missing_consumer_retry_timeout must not be negative: " + replyRetryTimeout);
        }
    }
}
