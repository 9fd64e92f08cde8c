package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * The keyword arguments of Cinder's volume RPC, one record per method. A connector describes a host; it is no secret.
 */
public final class VolumeArguments {
    private VolumeArguments() {}

    /** {@code initialize_connection}, 3.0: returns connection_info. */
    public record InitializeConnection(Map<String, Object> connector, VolumeObject volume) {
        public InitializeConnection {
            needed(connector, "connector");
            needed(volume, "volume");
        }
    }

    /** {@code terminate_connection}, 3.0: returns null. */
    public record TerminateConnection(
            String volumeId, Optional<Map<String, Object>> connector, Optional<Boolean> force) {
        public TerminateConnection {
            needed(volumeId, "volume_id");
        }
    }

    /** {@code attach_volume}, 3.3: returns the VolumeAttachment. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record AttachVolume(
            String volumeId,
            Optional<String> instanceUuid,
            Optional<String> hostName,
            Optional<String> mountpoint,
            Optional<String> mode,
            Optional<VolumeObject> volume) {
        public AttachVolume {
            needed(volumeId, "volume_id");
        }
    }

    /** {@code detach_volume}, 3.4: returns null. */
    public record DetachVolume(String volumeId, Optional<String> attachmentId, Optional<VolumeObject> volume) {
        public DetachVolume {
            needed(volumeId, "volume_id");
        }
    }

    /** {@code attachment_update}, 3.9: returns connection_info, flat. */
    public record AttachmentUpdate(VolumeObject vref, Map<String, Object> connector, String attachmentId) {
        public AttachmentUpdate {
            needed(vref, "vref");
            needed(connector, "connector");
            needed(attachmentId, "attachment_id");
        }
    }

    /** {@code attachment_delete}, 3.9: returns null. */
    public record AttachmentDelete(String attachmentId, VolumeObject vref) {
        public AttachmentDelete {
            needed(attachmentId, "attachment_id");
            needed(vref, "vref");
        }
    }

    /** {@code remove_export}, 3.0: returns null. */
    public record RemoveExport(String volumeId) {
        public RemoveExport {
            needed(volumeId, "volume_id");
        }
    }

    /** {@code delete_volume}, 3.0: a cast upstream; as a call it returns true, or null, when the volume is deleted. */
    public record DeleteVolume(VolumeObject volume, boolean unmanageOnly, boolean cascade) {
        public DeleteVolume {
            needed(volume, "volume");
        }
    }

    /** {@code get_capabilities}, 3.0: returns an object. */
    public record GetCapabilities(Optional<Boolean> discover) {}

    private static void needed(Object argument, String name) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is needed");
        }
    }
}
