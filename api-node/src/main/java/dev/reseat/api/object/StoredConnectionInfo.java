package dev.reseat.api.object;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.contract.connection.ConnectionDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the columns of Cinder and Nova hold of connection_info, read by the one reader there is: flat, as Cinder's
 * attachments hold it, and nested ({@code data} beside {@code driver_volume_type}), as Nova's block device mappings and
 * the connectors take it.
 */
public final class StoredConnectionInfo {
    private static final String TYPE = "driver_volume_type";
    private static final String DATA = "data";

    private StoredConnectionInfo() {}

    /** An attachment's connection_info, nested; empty for a blank attachment, and for a damaged one. */
    public static Optional<Map<String, Object>> nested(Attachment attachment) {
        return attachment.connectionInfo().flatMap(StoredConnectionInfo::document).map(ConnectionDocument::nested);
    }

    /** As {@link #nested}, to look for the volume by: empty also if what is stored cannot be read. */
    public static Optional<Map<String, Object>> way(Attachment attachment) {
        return attachment.connectionInfo().flatMap(StoredConnectionInfo::way);
    }

    /** The same of what is stored in either shape. Only type and data: the ways of two rows can be compared. */
    public static Optional<Map<String, Object>> way(String stored) {
        return document(stored).map(info -> Map.of(TYPE, info.type(), DATA, info.data()));
    }

    /** Empty for what is damaged or says of no type that it is: no host and no backend can be asked by it. */
    private static Optional<ConnectionDocument> document(String stored) {
        return StoredObject.of(stored)
                .intact()
                .filter(info -> info.get(TYPE) instanceof String type && !type.isBlank())
                .filter(info -> !info.containsKey(DATA) || info.get(DATA) instanceof Map<?, ?>)
                .map(ConnectionDocument::of);
    }

    /**
     * The connection_info by which a host can let go of a mapping's volume: the mapping's own; where that is damaged,
     * what its attachment knows. Damaged text that nothing can stand in for stays what it is, so that nobody takes it
     * for none.
     *
     * @param attachment the mapping's, if it has one
     */
    public static Optional<String> toDisconnect(BlockDevice device, Supplier<Optional<Attachment>> attachment) {
        return device.connectionInfo()
                .map(text -> switch (StoredObject.of(text)) {
                    case StoredObject.Intact _ -> text;
                    case StoredObject.Damaged _ ->
                        attachment.get().flatMap(StoredConnectionInfo::nested).map(JsonText::of).orElse(text);
                });
    }

    /**
     * What Nova stores for an attachment that has just been updated: Nova's view of the block-storage service's answer.
     * That answer calls the attachment reserved, and knows no time of it, as it was when it was asked for; and so do
     * Nova's rows for good.
     *
     * @throws IllegalStateException if the attachment has no connection_info
     */
    public static String forBlockDevice(Attachment attachment) {
        Map<String, Object> info = new LinkedHashMap<>(nested(attachment)
                .orElseThrow(
                        () -> new IllegalStateException("attachment " + attachment.id() + " has no connection_info")));
        info.put("status", "reserved");
        info.put("instance", attachment.instanceUuid().orElse(null));
        info.put("attached_at", "");
        info.put("detached_at", "");
        info.put("volume_id", attachment.volumeId());
        info.put("serial", attachment.volumeId());
        return JsonText.of(info);
    }
}
