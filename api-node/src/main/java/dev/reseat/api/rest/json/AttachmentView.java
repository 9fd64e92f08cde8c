package dev.reseat.api.rest.json;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.object.CinderTime;
import dev.reseat.api.object.StoredObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An attachment in {@code GET /attachments/{id}}.
 *
 * @param attachedAt empty text if it never was
 * @param attachMode the text {@code null} if none was given
 * @param connectionInfo flat, and a secret
 */
public record AttachmentView(
        String id,
        String status,
        Optional<String> instance,
        String volumeId,
        String attachedAt,
        String detachedAt,
        Optional<String> attachMode,
        Map<String, Object> connectionInfo) {
    /** @param format the image format of a volume that is a file, which the client must know */
    public static AttachmentView of(Attachment attachment, Optional<String> format) {
        Map<String, Object> connection =
                attachment.connectionInfo().map(AttachmentView::connection).orElseGet(LinkedHashMap::new);
        format.ifPresent(text -> connection.put("format", text));
        return new AttachmentView(
                attachment.id(),
                attachment.status(),
                attachment.instanceUuid(),
                attachment.volumeId(),
                attachment.attachTime().map(CinderTime::text).orElse(""),
                attachment.detachTime().map(CinderTime::text).orElse(""),
                attachment.mode(),
                connection);
    }

    /** Of a damaged one, only what is wrong: the clients of this API connect to what they find here. */
    private static Map<String, Object> connection(String connectionInfo) {
        return switch (StoredObject.of(connectionInfo)) {
            case StoredObject.Intact(Map<String, Object> values) -> values;
            case StoredObject.Damaged damaged -> new LinkedHashMap<>(
                    Map.of(StoredObject.DAMAGED, damaged.problem()));
        };
    }

    /** Which attachment, never its connection_info. */
    @Override
    public String toString() {
        return "AttachmentView[" + id + ", " + status + "]";
    }
}
