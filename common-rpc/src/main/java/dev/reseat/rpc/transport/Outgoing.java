package dev.reseat.rpc.transport;

import java.time.Duration;
import java.util.Optional;

/**
 * One message to publish.
 *
 * @param body the JSON document, UTF-8; must not be changed afterwards
 * @param expiration after this time an unread message disappears from its queue, in whole milliseconds; empty for never
 * @param mandatory whether a message that no queue takes must be reported as not delivered
 */
public record Outgoing(byte[] body, Optional<Duration> expiration, boolean mandatory) {
    public Outgoing {
        expiration.filter(Duration::isNegative).ifPresent(time -> {
            throw new IllegalArgumentException("expiration is negative: " + time);
        });
    }

    public static Outgoing of(byte[] body) {
        return new Outgoing(body, Optional.empty(), false);
    }

    public Outgoing expiringAfter(Duration time) {
        return new Outgoing(body, Optional.of(time), mandatory);
    }

    public Outgoing asMandatory() {
        return new Outgoing(body, expiration, true);
    }
}
