package dev.reseat.rpc.transport.memory;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A message in a queue.
 *
 * @param sequence its place: a message that comes back is first again
 */
record MemoryMessage(long sequence, byte[] body, Map<String, String> headers, Optional<Instant> expires) {
    boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
