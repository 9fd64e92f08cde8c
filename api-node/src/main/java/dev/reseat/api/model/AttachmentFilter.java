package dev.reseat.api.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which volume attachments, in which order. Deleted ones never match. Absent conditions and empty collections match
 * everything; several conditions must all hold.
 *
 * @param projectId the project that owns the volume; empty for every project
 * @param status column {@code attach_status}
 * @param sort empty for newest first
 */
public record AttachmentFilter(
        Optional<String> projectId,
        Optional<String> volumeId,
        Optional<String> instanceUuid,
        Optional<String> status,
        Optional<String> attachedHost,
        Set<String> ids,
        List<Sort<Key>> sort,
        Page page) {
    /** Every attachment of every project. */
    public static final AttachmentFilter ALL = new AttachmentFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            List.of(),
            Page.ALL);

    public AttachmentFilter {
        ids = Set.copyOf(ids);
        sort = sort.isEmpty() ? List.of(Sort.descending(Key.CREATED_AT), Sort.descending(Key.ID)) : List.copyOf(sort);
    }

    /** What attachments can be sorted by: columns of {@code volume_attachment}. */
    public enum Key {
        ID,
        VOLUME_ID,
        INSTANCE_UUID,
        ATTACH_STATUS,
        ATTACHED_HOST,
        CREATED_AT,
        UPDATED_AT
    }
}
