package dev.reseat.api.model;

import java.util.Optional;

/**
 * A volume as an instance has it that Nova has not deleted.
 *
 * @param host empty while the instance is on none
 * @param connectionInfo JSON text; a secret
 */
public record MappedVolume(
        String mappingId,
        String volumeId,
        String instanceId,
        Optional<String> host,
        Optional<String> attachmentId,
        Optional<String> connectionInfo) {
    /** Which mapping, never its connection_info. */
    @Override
    public String toString() {
        return "MappedVolume[" + mappingId + "]";
    }
}
