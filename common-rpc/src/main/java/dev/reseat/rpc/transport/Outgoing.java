package dev.reseat.rpc.transport;

import dev.reseat.rpc.TraceContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One message to publish.
 *
 * @param body the JSON document, UTF-8; must not be changed afterwards
 * @param expiration after this time an unread message disappears from its queue, in whole milliseconds; empty for never
 * @param mandatory whether a message that no queue takes must be reported as not delivered
 * @param retry how many more attempts to connect to the broker it is worth; -1 for as many as there is time for
 * @param headers what travels beside the body; Python peers ignore it
 */
public record Outgoing(
        byte[] body, Optional<Duration> expiration, boolean mandatory, int retry, Map<String, String> headers) {
    private static final int FOREVER = -1;

    public Outgoing {
        expiration.filter(Duration::isNegative).ifPresent(time -> {
            throw new IllegalArgumentException("expiration is negative: " + time);
        });
        headers = Map.copyOf(headers);
    }

    /** Without expiration, not mandatory, and in the {@link TraceContext} of this thread if it has one. */
    public static Outgoing of(byte[] body) {
        return new Outgoing(body, Optional.empty(), false, FOREVER, TraceContext.headersToSend());
    }

    public Outgoing expiringAfter(Duration time) {
        return new Outgoing(body, Optional.of(time), mandatory, retry, headers);
    }

    public Outgoing asMandatory() {
        return new Outgoing(body, expiration, true, retry, headers);
    }

    public Outgoing retrying(int attempts) {
        return new Outgoing(body, expiration, mandatory, attempts, headers);
    }

    /** The same message written another way, which a header tells. */
    public Outgoing encoded(byte[] otherwise, String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Outgoing(otherwise, expiration, mandatory, retry, more);
    }
}
