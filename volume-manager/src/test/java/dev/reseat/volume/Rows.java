package dev.reseat.volume;

import dev.reseat.contract.volume.VolumeAttachmentList;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.object.WireMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Rows for tests, made of what matters in them; read as they would come over the wire. */
final class Rows {
    private static final JsonMapper JSON = WireMapper.create();

    private Rows() {}

    static VolumeObject volume(String id, String host, Map<String, Object> more) {
        Map<String, Object> data = new LinkedHashMap<>(Map.of("id", id, "host", host, "status", "in-use"));
        data.putAll(more);
        return read("Volume", "1.9", data, VolumeObject.class);
    }

    /** Only the id, as a caller may send it. */
    static VolumeObject volume(String id) {
        return read("Volume", "1.9", Map.of("id", id), VolumeObject.class);
    }

    static VolumeAttachmentObject attachment(String id, String volumeId) {
        return attachment(id, volumeId, Map.of());
    }

    static VolumeAttachmentObject attachment(String id, String volumeId, Map<String, Object> more) {
        Map<String, Object> data = new LinkedHashMap<>(Map.of("id", id, "volume_id", volumeId));
        data.put("attach_status", "attached");
        data.putAll(more);
        return read("VolumeAttachment", "1.3", data, VolumeAttachmentObject.class);
    }

    static VolumeAttachmentObject attachmentTo(String host, String id, String volumeId) {
        return attachment(id, volumeId, Map.of("connector", Map.of("host", host)));
    }

    /** The volume with its attachments loaded. */
    static VolumeObject with(VolumeObject volume, VolumeAttachmentList list) {
        return new VolumeObject(
                volume.id(), volume.nameId(), volume.userId(), volume.projectId(), volume.host(), volume.clusterName(),
                volume.size(), volume.availabilityZone(), volume.status(), volume.attachStatus(),
                volume.migrationStatus(), volume.displayName(), volume.displayDescription(), volume.providerId(),
                volume.providerLocation(), volume.providerAuth(), volume.volumeTypeId(), volume.bootable(),
                volume.multiattach(), volume.deleted(), volume.previousStatus(), volume.serviceUuid(),
                volume.snapshotId(), volume.sourceVolid(), volume.encryptionKeyId(), volume.useQuota(),
                volume.sharedTargets(), volume.createdAt(), volume.updatedAt(), volume.launchedAt(),
                volume.metadata(), volume.adminMetadata(), Optional.of(list));
    }

    static VolumeObject with(VolumeObject volume, VolumeAttachmentObject... attachments) {
        return with(volume, new VolumeAttachmentList(List.of(attachments)));
    }

    private static <T> T read(String name, String version, Map<String, Object> data, Class<T> type) {
        return JSON.convertValue(
                Map.of(
                        "versioned_object.name", name,
                        "versioned_object.namespace", "cinder",
                        "versioned_object.version", version,
                        "versioned_object.data", data),
                type);
    }
}
