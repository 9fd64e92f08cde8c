package dev.reseat.api.object;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The payload of Cinder's volume usage notifications. Unlike upstream's, the attachments in it carry neither
 * connection_info nor connector: notifications are read by many.
 */
public final class VolumeUsage {
    private VolumeUsage() {}

    public static Map<String, Object> payload(Volume volume) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("tenant_id", volume.projectId().orElse(null));
        payload.put("host", volume.host().orElse(null));
        payload.put("user_id", volume.userId().orElse(null));
        payload.put("availability_zone", volume.availabilityZone().orElse(null));
        payload.put("volume_id", volume.id());
        payload.put("volume_type", volume.volumeTypeId().orElse(null));
        payload.put("display_name", volume.displayName().orElse(null));
        payload.put("launched_at", text(volume.launchedAt()));
        payload.put("created_at", text(volume.createdAt()));
        payload.put("status", volume.status());
        payload.put("snapshot_id", volume.snapshotId().orElse(null));
        payload.put("size", volume.size());
        payload.put("replication_status", volume.replicationStatus().orElse(null));
        payload.put("replication_extended_status", null);
        payload.put("replication_driver_data", null);
        payload.put("metadata", metadata(volume.metadata()));
        payload.put(
                "volume_attachment",
                volume.attachments().stream().map(VolumeUsage::attachment).toList());
        return payload;
    }

    private static Map<String, Object> attachment(Attachment attachment) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", attachment.id());
        row.put("volume_id", attachment.volumeId());
        row.put("instance_uuid", attachment.instanceUuid().orElse(null));
        row.put("attached_host", attachment.attachedHost().orElse(null));
        row.put("mountpoint", attachment.mountpoint().orElse(null));
        row.put("attach_time", text(attachment.attachTime()));
        row.put("attach_mode", attachment.mode().orElse(null));
        row.put("attach_status", attachment.status());
        return row;
    }

    private static List<Map<String, String>> metadata(Map<String, String> metadata) {
        return metadata.entrySet()
                .stream()
                .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                .toList();
    }

    private static String text(Optional<Instant> time) {
        return time.map(instant -> WireTime.text(instant).replace("Z", "+00:00")).orElse(null);
    }
}
