package dev.reseat.rpc.transport;

import java.time.Duration;
import java.util.Optional;

/**
 * One received message. Exactly one of {@link #acknowledge}, {@link #reject} and {@link #requeue} has to be called,
 * once; a delivery that is settled by none goes back to its queue when its listener stops. Thread-safe.
 */
public interface Delivery {
    /** The JSON document, already decompressed. Messages of another content type never become a delivery. */
    byte[] body();

    /** What travelled under this name beside the body, if it did. */
    default Optional<String> header(String name) {
        return Optional.empty();
    }

    /**
     * The expiration it was published with: how long its sender waits for what it asked. How much of that it has spent
     * in its queue is not known. Empty if it does not expire.
     */
    default Optional<Duration> expiration() {
        return Optional.empty();
    }

    /** Whether it may have been delivered before, to this listener or another one that did not settle it. */
    default boolean isRedelivered() {
        return false;
    }

    /**
     * Tells the broker that the message was received; it will not be delivered again.
     *
     * @throws IllegalStateException if it was settled before, or if the channel it came on is gone: then the broker
     *     will deliver the message again
     */
    void acknowledge();

    /** Drops the message for good: it could not be understood. Does nothing if it was settled before or the
     * channel it came on is gone. */
    void reject();

    /**
     * Gives the message back to its queue: it will be delivered again, here or elsewhere. Otherwise as {@link #reject}.
     */
    void requeue();
}
