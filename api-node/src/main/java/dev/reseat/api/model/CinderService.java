package dev.reseat.api.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A row of Cinder's services.
 *
 * @param up whether it has reported within {@code service_down_time}
 * @param changed when it reported last, or when somebody changed it, whichever is later
 */
public record CinderService(
        String binary,
        String host,
        Optional<String> zone,
        boolean disabled,
        Optional<String> disabledReason,
        boolean up,
        Optional<Instant> changed,
        Optional<String> cluster,
        Optional<String> replicationStatus,
        Optional<String> activeBackend,
        boolean frozen) {}
