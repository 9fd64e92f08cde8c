package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.reseat.rpc.object.VersionedObject;
import java.util.Map;
import java.util.Optional;

/**
 * Cinder's {@code VolumeAttachment}.
 *
 * @param connectionInfo how the host reaches the volume; a secret
 * @param connector which host, as its agent described itself
 */
@VersionedObject(project = VersionedObject.Project.CINDER, name = "VolumeAttachment", version = "1.3")
@JsonIgnoreProperties(ignoreUnknown = true)
public record VolumeAttachmentObject(
        String id,
        Optional<String> volumeId,
        Optional<String> instanceUuid,
        Optional<String> attachedHost,
        Optional<String> mountpoint,
        Optional<String> attachTime,
        Optional<String> detachTime,
        Optional<String> attachStatus,
        Optional<String> attachMode,
        Optional<Map<String, Object>> connectionInfo,
        Optional<Map<String, Object>> connector,
        Optional<String> createdAt,
        Optional<String> updatedAt,
        Optional<String> deletedAt,
        Optional<Boolean> deleted) {
    public VolumeAttachmentObject {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("an attachment needs an id");
        }
    }

    /** Says which attachment, never its secrets. */
    @Override
    public String toString() {
        return "VolumeAttachmentObject[" + id + ", " + attachStatus.orElse("-") + "]";
    }
}
