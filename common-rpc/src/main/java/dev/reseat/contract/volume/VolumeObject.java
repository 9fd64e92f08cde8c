package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reseat.rpc.object.VersionedObject;
import java.util.Map;
import java.util.Optional;

/**
 * Cinder's {@code Volume}. Only the id is needed of what is received; fields we do not use are ignored.
 *
 * @param host {@code host@backend#pool}
 * @param providerAuth a secret
 * @param volumeAttachment absent if the sender had not loaded it
 */
@VersionedObject(project = VersionedObject.Project.CINDER, name = "Volume", version = "1.9")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeObject(
        String id,
        @JsonProperty("_name_id") Optional<String> nameId,
        Optional<String> userId,
        Optional<String> projectId,
        Optional<String> host,
        Optional<String> clusterName,
        Optional<Integer> size,
        Optional<String> availabilityZone,
        Optional<String> status,
        Optional<String> attachStatus,
        Optional<String> migrationStatus,
        Optional<String> displayName,
        Optional<String> displayDescription,
        Optional<String> providerId,
        Optional<String> providerLocation,
        Optional<String> providerAuth,
        Optional<String> volumeTypeId,
        Optional<Boolean> bootable,
        Optional<Boolean> multiattach,
        Optional<Boolean> deleted,
        Optional<String> previousStatus,
        Optional<String> serviceUuid,
        Optional<String> snapshotId,
        Optional<String> sourceVolid,
        Optional<String> encryptionKeyId,
        Optional<Boolean> useQuota,
        Optional<Boolean> sharedTargets,
        Optional<String> createdAt,
        Optional<String> updatedAt,
        Optional<String> launchedAt,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, String>> metadata,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, String>> adminMetadata,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<VolumeAttachmentList> volumeAttachment) {
    public VolumeObject {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("a volume needs an id");
        }
    }

    /** Says which volume, never its secrets. */
    @Override
    public String toString() {
        return "VolumeObject[" + id + ", " + status.orElse("-") + "]";
    }
}
