package dev.reseat.api.model;

import java.util.Optional;

/**
 * A block device mapping that is not deleted and names a volume, with the instance it is of.
 *
 * @param connectionInfo JSON text; a secret
 * @param instance empty if Nova's database does not have it
 */
public record VolumeMapping(
        String uuid,
        String instanceUuid,
        Optional<String> attachmentId,
        Optional<String> deviceName,
        Optional<String> connectionInfo,
        Optional<Whereabouts> instance) {
    /** Which mapping, never its connection_info. */
    @Override
    public String toString() {
        return "VolumeMapping[" + uuid + " of " + instanceUuid + "]";
    }
}
