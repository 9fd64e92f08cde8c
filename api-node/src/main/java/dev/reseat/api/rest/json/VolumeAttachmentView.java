package dev.reseat.api.rest.json;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.object.CinderTime;
import java.util.Optional;

/**
 * An attachment inside a volume's view.
 *
 * @param id the volume's id, as upstream has it
 * @param hostName only for administrators and services
 */
public record VolumeAttachmentView(
        String id,
        String attachmentId,
        String volumeId,
        Optional<String> serverId,
        Optional<String> hostName,
        Optional<String> device,
        Optional<String> attachedAt) {
    public static VolumeAttachmentView of(Attachment attachment, boolean withHost) {
        return new VolumeAttachmentView(
                attachment.volumeId(),
                attachment.id(),
                attachment.volumeId(),
                attachment.instanceUuid(),
                attachment.attachedHost().filter(_ -> withHost),
                attachment.mountpoint(),
                attachment.attachTime().map(CinderTime::text));
    }
}
