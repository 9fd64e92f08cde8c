package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import java.util.Map;
import java.util.Optional;

/**
 * How to refresh a block device mapping.
 *
 * @param connector the host's connector, if the caller brings it; otherwise the agent is asked
 * @param reason why, recorded; needed to accept what is unknown
 * @param acceptUnknown whether another host that cannot be asked is taken not to use the volume
 */
public record RefreshRequest(
        Optional<Map<String, Object>> connector, Optional<String> reason, boolean acceptUnknown) {
    public RefreshRequest {
        if (acceptUnknown && reason.filter(text -> !text.isBlank()).isEmpty()) {
            throw new ServiceException.Invalid("accepting what is unknown needs a reason, which is recorded");
        }
    }

    /** One that accepts nothing. */
    public RefreshRequest(Optional<Map<String, Object>> connector, Optional<String> reason) {
        this(connector, reason, false);
    }
}
