package dev.reseat.api.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A row of Nova's {@code instances}, the part Reseat decides on and sends to agents.
 *
 * @param lockedBy {@code admin} or {@code owner}; empty when not locked
 * @param lockedReason system metadata {@code locked_reason}
 */
public record Instance(
        int id,
        String uuid,
        Optional<String> userId,
        Optional<String> projectId,
        Optional<String> host,
        Optional<String> node,
        Optional<String> hostname,
        Optional<String> displayName,
        Optional<String> vmState,
        Optional<String> taskState,
        Optional<Integer> powerState,
        boolean locked,
        Optional<String> lockedBy,
        Optional<String> lockedReason,
        Optional<Integer> memoryMb,
        Optional<Integer> vcpus,
        Optional<Integer> rootGb,
        Optional<Integer> ephemeralGb,
        Optional<Integer> instanceTypeId,
        Optional<String> imageRef,
        Optional<String> reservationId,
        Optional<String> availabilityZone,
        Optional<String> rootDeviceName,
        Optional<Instant> createdAt,
        Optional<Instant> updatedAt,
        Map<String, String> metadata,
        Map<String, String> systemMetadata) {
    public Instance {
        metadata = Map.copyOf(metadata);
        systemMetadata = Map.copyOf(systemMetadata);
    }
}
