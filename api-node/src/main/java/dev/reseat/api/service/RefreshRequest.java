package dev.reseat.api.service;

import java.util.Map;
import java.util.Optional;

/**
 * How to refresh a block device mapping.
 *
 * @param connector the host's connector, if the caller brings it; otherwise the agent is asked
 * @param reason why, recorded
 */
public record RefreshRequest(Optional<Map<String, Object>> connector, Optional<String> reason) {}
