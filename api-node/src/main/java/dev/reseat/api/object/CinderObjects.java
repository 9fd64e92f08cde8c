package dev.reseat.api.object;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.contract.volume.VolumeAttachmentList;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import java.util.Map;
import java.util.Optional;

/** Cinder's rows as Cinder's objects. */
public final class CinderObjects {
    private CinderObjects() {}

    /** The volume with its live attachments. */
    public static VolumeObject volume(Volume volume) {
        return new VolumeObject(
                volume.id(),
                volume.nameId(),
                volume.userId(),
                volume.projectId(),
                volume.host(),
                volume.clusterName(),
                Optional.of(volume.size()),
                volume.availabilityZone(),
                Optional.of(volume.status()),
                volume.attachStatus(),
                volume.migrationStatus(),
                volume.displayName(),
                volume.displayDescription(),
                volume.providerId(),
                volume.providerLocation(),
                volume.providerAuth(),
                volume.volumeTypeId(),
                Optional.of(volume.bootable()),
                Optional.of(volume.multiattach()),
                Optional.of(false),
                volume.previousStatus(),
                volume.serviceUuid(),
                volume.snapshotId(),
                volume.sourceVolumeId(),
                volume.encryptionKeyId(),
                Optional.of(volume.useQuota()),
                volume.sharedTargets(),
                volume.createdAt().map(WireTime::text),
                volume.updatedAt().map(WireTime::text),
                volume.launchedAt().map(WireTime::text),
                Optional.of(volume.metadata()),
                Optional.of(volume.adminMetadata()),
                Optional.of(new VolumeAttachmentList(
                        volume.attachments().stream().map(CinderObjects::attachment).toList())));
    }

    /**
     * The attachment; without its connection_info if that is damaged, which no backend needs to take it down.
     *
     * @throws DamagedConnector if the connector is damaged: nobody can say then whom the backend lets in
     */
    public static VolumeAttachmentObject attachment(Attachment attachment) {
        return new VolumeAttachmentObject(
                attachment.id(),
                Optional.of(attachment.volumeId()),
                attachment.instanceUuid(),
                attachment.attachedHost(),
                attachment.mountpoint(),
                attachment.attachTime().map(WireTime::text),
                attachment.detachTime().map(WireTime::text),
                Optional.of(attachment.status()),
                attachment.mode(),
                attachment.connectionInfo().flatMap(text -> StoredObject.of(text).intact()),
                connector(attachment),
                attachment.createdAt().map(WireTime::text),
                attachment.updatedAt().map(WireTime::text),
                attachment.deletedAt().map(WireTime::text),
                Optional.of(attachment.deleted()));
    }

    /** @throws DamagedConnector if it cannot be read */
    public static Optional<Map<String, Object>> connector(Attachment attachment) {
        return attachment.connector()
                .map(text -> switch (StoredObject.of(text)) {
                    case StoredObject.Intact(Map<String, Object> values) -> values;
                    case StoredObject.Damaged damaged -> throw new DamagedConnector(attachment, damaged);
                });
    }

    /** The host in an attachment's connector, or the one its row names; a connector that cannot be read names none. */
    public static Optional<String> host(Attachment attachment) {
        return attachment.connector()
                .flatMap(text -> StoredObject.of(text).intact())
                .map(connector -> connector.get("host"))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .or(attachment::attachedHost);
    }
}
