package dev.reseat.rpc.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How a client calls.
 *
 * @param responseTimeout how long a call waits for its reply ({@code rpc_response_timeout})
 * @param monitorTimeout after how long without a sign of life a call is given up; empty to wait for the reply alone
 */
public record ClientConfig(Duration responseTimeout, Optional<Duration> monitorTimeout) {
    public ClientConfig {
        if (!responseTimeout.isPositive()) {
            throw new IllegalArgumentException("rpc_response_timeout must be positive: " + responseTimeout);
        }
    }

    public static ClientConfig withTimeout(Duration responseTimeout) {
        return new ClientConfig(responseTimeout, Optional.empty());
    }
}
