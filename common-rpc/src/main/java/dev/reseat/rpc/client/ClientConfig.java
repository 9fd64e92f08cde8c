package dev.reseat.rpc.client;

import dev.reseat.rpc.transport.Outgoing;
import java.time.Duration;
import java.util.Optional;

/**
 * How a client calls.
 *
 * @param responseTimeout how long a call waits for its reply ({@code rpc_response_timeout}), and a cast for its confirm
 * @param monitorTimeout after how long without a sign of life a call is given up; empty to wait for the reply alone
 * @param routing what becomes of a message that no queue takes
 * @param retry how many more attempts to reach the broker a message is worth: -1 for any number, which
 *     {@code responseTimeout} still ends
 * @param castExpiration after which time a cast that nobody has taken from its queue disappears; empty for never
 */
public record ClientConfig(
        Duration responseTimeout,
        Optional<Duration> monitorTimeout,
        Routing routing,
        int retry,
        Optional<Duration> castExpiration) {
    /** Looks for a broker as long as there is time, as upstream's default. */
    public static final int FOREVER = -1;

    /** Whether the broker has to report a message that no queue takes. */
    public enum Routing {
        /** It is {@code Undeliverable} at once: {@code TransportOptions(at_least_once=True)}. Not for fanouts. */
        REQUIRED,
        /** The broker drops it without a word, as upstream's default: a cast succeeds, a call waits in vain. */
        OPTIONAL
    }

    public ClientConfig {
        if (!responseTimeout.isPositive()) {
            throw new IllegalArgumentException("rpc_response_timeout must be positive: " + responseTimeout);
        }
        monitorTimeout.filter(time -> time.toSeconds() < 1).ifPresent(time -> {
            throw new IllegalArgumentException("call_monitor_timeout must be at least a second: " + time);
        });
        castExpiration.filter(time -> time.toMillis() < 1).ifPresent(time -> {
            throw new IllegalArgumentException("a cast must have a millisecond at least before it expires: " + time);
        });
        if (retry < FOREVER) {
            throw new IllegalArgumentException("retry must be -1, 0 or a number of attempts: " + retry);
        }
    }

    /** With that timeout, not monitored, routing required, without limit of attempts. */
    public static ClientConfig withTimeout(Duration responseTimeout) {
        return new ClientConfig(responseTimeout, Optional.empty(), Routing.REQUIRED, FOREVER, Optional.empty());
    }

    ClientConfig timeout(Duration time) {
        return new ClientConfig(time, monitorTimeout, routing, retry, castExpiration);
    }

    ClientConfig monitored(Duration time) {
        return new ClientConfig(responseTimeout, Optional.of(time), routing, retry, castExpiration);
    }

    ClientConfig routing(Routing wanted) {
        return new ClientConfig(responseTimeout, monitorTimeout, wanted, retry, castExpiration);
    }

    ClientConfig retry(int attempts) {
        return new ClientConfig(responseTimeout, monitorTimeout, routing, attempts, castExpiration);
    }

    ClientConfig expiring(Duration time) {
        return new ClientConfig(responseTimeout, monitorTimeout, routing, retry, Optional.of(time));
    }

    /** A message to one queue, under these terms. */
    Outgoing toQueue(byte[] body) {
        Outgoing message = toAll(body);
        return routing == Routing.REQUIRED ? message.asMandatory() : message;
    }

    /** A message to whoever listens, under these terms. */
    Outgoing toAll(byte[] body) {
        return Outgoing.of(body).retrying(retry);
    }
}
