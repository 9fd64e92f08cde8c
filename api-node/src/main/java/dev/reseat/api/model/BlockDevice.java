package dev.reseat.api.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A row of Nova's {@code block_device_mapping}.
 *
 * @param connectionInfo JSON text {@code {driver_volume_type, data, serial, …}}; a secret
 * @param attachmentId the volume attachment it belongs to; empty for a mapping of the old (cinderv2) flow
 */
public record BlockDevice(
        int id,
        String uuid,
        String instanceUuid,
        Optional<String> volumeId,
        Optional<String> attachmentId,
        Optional<String> connectionInfo,
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
        Optional<Instant> createdAt,
        Optional<Instant> updatedAt) {
    /** What a change is conditional on. */
    public Guard guard() {
        return new Guard(id, uuid, attachmentId, connectionInfo);
    }

    /** The state a decision was made on. */
    public record Guard(int id, String uuid, Optional<String> attachmentId, Optional<String> connectionInfo) {
        @Override
        public String toString() {
            return "Guard[" + uuid + "]";
        }
    }

    /** Which mapping, never its connection_info. */
    @Override
    public String toString() {
        return "BlockDevice[" + uuid + ", volume " + volumeId.orElse("-") + "]";
    }
}
