package dev.reseat.rpc.transport.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A message in a queue.
 *
 * @param sequence its place: a message that comes back is first again
 * @param lifetime the expiration it was published with
 */
record MemoryMessage(
        long sequence, byte[] body, Map<String, String> headers, Optional<Duration> lifetime,
        Optional<Instant> expires) {
    boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
