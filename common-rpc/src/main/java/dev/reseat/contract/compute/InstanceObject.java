package dev.reseat.contract.compute;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reseat.rpc.object.VersionedObject;
import java.util.Map;
import java.util.Optional;

/**
 * Nova's {@code Instance}, the fields a peer needs to find the guest. Written as 2.7, which every supported release
 * reads; 2.8 adds {@code compute_id}.
 */
@VersionedObject(project = VersionedObject.Project.NOVA, name = "Instance", version = "2.7", reads = "2.8")
@JsonIgnoreProperties(ignoreUnknown = true)
public record InstanceObject(
        Optional<Integer> id,
        String uuid,
        Optional<String> userId,
        Optional<String> projectId,
        Optional<String> host,
        Optional<String> node,
        Optional<String> hostname,
        Optional<String> displayName,
        Optional<String> displayDescription,
        Optional<String> vmState,
        Optional<String> taskState,
        Optional<Integer> powerState,
        Optional<Boolean> locked,
        Optional<String> lockedBy,
        Optional<Integer> memoryMb,
        Optional<Integer> vcpus,
        Optional<Integer> rootGb,
        Optional<Integer> ephemeralGb,
        Optional<Integer> instanceTypeId,
        Optional<String> imageRef,
        Optional<String> reservationId,
        Optional<String> availabilityZone,
        Optional<String> launchedOn,
        Optional<String> osType,
        Optional<String> architecture,
        Optional<String> vmMode,
        Optional<String> rootDeviceName,
        Optional<Boolean> cleaned,
        Optional<Boolean> hidden,
        Optional<Boolean> deleted,
        Optional<String> createdAt,
        Optional<String> updatedAt,
        Optional<String> deletedAt,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, Object>> metadata,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, Object>> systemMetadata) {
    public InstanceObject {
        if (uuid == null || uuid.isBlank()) {
            throw new IllegalArgumentException("an instance needs a uuid");
        }
    }

    @Override
    public String toString() {
        return "InstanceObject[" + uuid + " on " + host.orElse("-") + "]";
    }
}
