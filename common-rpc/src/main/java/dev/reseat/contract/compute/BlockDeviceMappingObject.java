package dev.reseat.contract.compute;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.reseat.rpc.object.VersionedObject;
import java.util.Optional;

/**
 * Nova's {@code BlockDeviceMapping}.
 *
 * @param connectionInfo JSON text; a secret
 */
@VersionedObject(project = VersionedObject.Project.NOVA, name = "BlockDeviceMapping", version = "1.20", reads = "1.21")
@JsonIgnoreProperties(ignoreUnknown = true)
public record BlockDeviceMappingObject(
        Optional<Integer> id,
        String uuid,
        Optional<String> instanceUuid,
        Optional<String> sourceType,
        Optional<String> destinationType,
        Optional<String> guestFormat,
        Optional<String> deviceType,
        Optional<String> diskBus,
        Optional<Integer> bootIndex,
        Optional<String> deviceName,
        Optional<Boolean> deleteOnTermination,
        Optional<String> snapshotId,
        Optional<String> volumeId,
        Optional<Integer> volumeSize,
        Optional<String> imageId,
        Optional<Boolean> noDevice,
        Optional<String> connectionInfo,
        Optional<String> tag,
        Optional<String> attachmentId,
        Optional<String> volumeType,
        Optional<Boolean> encrypted,
        Optional<String> encryptionSecretUuid,
        Optional<String> encryptionFormat,
        Optional<String> encryptionOptions,
        Optional<String> createdAt,
        Optional<String> updatedAt,
        Optional<String> deletedAt,
        Optional<Boolean> deleted) {
    /** Says which mapping, never its connection_info. */
    @Override
    public String toString() {
        return "BlockDeviceMappingObject[" + uuid + "]";
    }
}
