package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import java.util.Map;
import java.util.Optional;

/**
 * How to refresh a block device mapping.
 *
 * @param connector the host's connector, if the caller brings it; otherwise the agent is asked
 * @param reason why, recorded; needed to accept what is unknown
 * @param acceptUnknown whether another host that cannot be asked is taken not to use the volume
 * @param waiting who waits for it
 */
public record RefreshRequest(
        Optional<Map<String, Object>> connector, Optional<String> reason, boolean acceptUnknown, Wait waiting) {
    public RefreshRequest {
        if (acceptUnknown && reason.filter(text -> !text.isBlank()).isEmpty()) {
            throw new ServiceException.Invalid("accepting what is unknown needs a reason, which is recorded");
        }
    }

    /** Somebody waits for it. */
    public RefreshRequest(
            Optional<Map<String, Object>> connector, Optional<String> reason, boolean acceptUnknown) {
        this(connector, reason, acceptUnknown, Wait.FOR_ANSWER);
    }

    /** One that accepts nothing, and that somebody waits for. */
    public RefreshRequest(Optional<Map<String, Object>> connector, Optional<String> reason) {
        this(connector, reason, false);
    }
}
