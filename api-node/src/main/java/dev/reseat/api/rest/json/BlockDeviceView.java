package dev.reseat.api.rest.json;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.object.CinderTime;
import dev.reseat.api.object.StoredObject;
import dev.reseat.runtime.SecretText;
import java.util.Map;
import java.util.Optional;

/**
 * A block device mapping in {@code /reseat/v1/block-device-mappings}: the row, under the names of Nova's columns.
 *
 * @param connectionInfo as stored, masked unless asked for by name; absent if the column is; what is
 *     wrong under {@code damaged} if it is no JSON object
 */
public record BlockDeviceView(
        int id,
        String uuid,
        String instanceUuid,
        Optional<String> volumeId,
        Optional<String> attachmentId,
        Optional<Map<String, Object>> connectionInfo,
        Optional<String> deviceName,
        Optional<String> deviceType,
        Optional<String> diskBus,
        Optional<String> guestFormat,
        Optional<String> sourceType,
        Optional<String> destinationType,
        Optional<String> snapshotId,
        Optional<String> imageId,
        Optional<Integer> volumeSize,
        Optional<String> volumeType,
        Optional<Integer> bootIndex,
        boolean deleteOnTermination,
        boolean noDevice,
        Optional<String> tag,
        Optional<Boolean> encrypted,
        Optional<String> encryptionSecretUuid,
        Optional<String> encryptionFormat,
        Optional<String> encryptionOptions,
        Optional<String> createdAt,
        Optional<String> updatedAt) {
    /** With every secret hidden. */
    public static BlockDeviceView masked(BlockDevice device) {
        return of(
                device,
                device.connectionInfo().map(StoredObject::of).map(StoredObject::shown),
                device.encryptionSecretUuid().map(_ -> SecretText.MASK));
    }

    /** As it is stored. For administrators who have asked for it. */
    public static BlockDeviceView withSecrets(BlockDevice device) {
        return of(
                device,
                device.connectionInfo().map(StoredObject::of).map(StoredObject::shownWithSecrets),
                device.encryptionSecretUuid());
    }

    private static BlockDeviceView of(
            BlockDevice device, Optional<Map<String, Object>> connectionInfo, Optional<String> secretUuid) {
        return new BlockDeviceView(
                device.id(),
                device.uuid(),
                device.instanceUuid(),
                device.volumeId(),
                device.attachmentId(),
                connectionInfo,
                device.deviceName(),
                device.deviceType(),
                device.diskBus(),
                device.guestFormat(),
                device.sourceType(),
                device.destinationType(),
                device.snapshotId(),
                device.imageId(),
                device.volumeSize(),
                device.volumeType(),
                device.bootIndex(),
                device.deleteOnTermination(),
                device.noDevice(),
                device.tag(),
                device.encrypted(),
                secretUuid,
                device.encryptionFormat(),
                device.encryptionOptions(),
                device.createdAt().map(CinderTime::text),
                device.updatedAt().map(CinderTime::text));
    }

    /** Which mapping, never its connection_info. */
    @Override
    public String toString() {
        return "BlockDeviceView[" + uuid + "]";
    }
}
