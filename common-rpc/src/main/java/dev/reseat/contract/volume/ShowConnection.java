package dev.reseat.contract.volume;

import java.util.Map;
import java.util.Optional;

/**
 * {@code show_connection} in namespace {@code reseat}, 1.3: what the host of an attachment would be given now, if it
 * asked for its connection once more. Changes nothing.
 *
 * @param volumeId which volume; may be left out when {@code volume} is given
 * @param attachmentId one of the volume's attachments
 */
public record ShowConnection(Optional<String> volumeId, Optional<VolumeObject> volume, String attachmentId) {
    public static final String METHOD = "show_connection";

    public ShowConnection {
        if (volumeId.isEmpty() && volume.isEmpty()) {
            throw new IllegalArgumentException("volume_id or volume is needed");
        }
        if (attachmentId == null || attachmentId.isBlank()) {
            throw new IllegalArgumentException("attachment_id is needed");
        }
    }

    /**
     * @param connectionInfo {@code {driver_volume_type, data}}, with secrets; empty where the host is not let in as it
     *     would be then, where the attachment has no host, and if the driver cannot tell without a change
     */
    public record Result(Optional<Map<String, Object>> connectionInfo) {
        /** Whether there is one, and none of its secrets. */
        @Override
        public String toString() {
            return "Result[" + (connectionInfo.isPresent() ? "a connection" : "none") + "]";
        }
    }
}
