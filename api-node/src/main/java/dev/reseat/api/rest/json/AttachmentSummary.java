package dev.reseat.api.rest.json;

import dev.reseat.api.model.Attachment;
import java.util.Optional;

/** An attachment in {@code GET /attachments}. */
public record AttachmentSummary(String id, String status, Optional<String> instance, String volumeId) {
    public static AttachmentSummary of(Attachment attachment) {
        return new AttachmentSummary(
                attachment.id(), attachment.status(), attachment.instanceUuid(), attachment.volumeId());
    }
}
