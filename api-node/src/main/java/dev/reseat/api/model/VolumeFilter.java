package dev.reseat.api.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which volumes, in which order. Deleted ones never match. Absent conditions and empty collections match everything;
 * several conditions must all hold.
 *
 * @param projectId empty for every project
 * @param statuses any of these
 * @param name the display name, exactly
 * @param host {@code host}, {@code host@backend} or {@code host@backend#pool}; a shorter one matches every longer one
 *     it begins, as Cinder's host filter does
 * @param migrationStatus as stored
 * @param metadata the volume carries all of these pairs
 * @param ids any of these
 * @param sort empty for newest first
 * @param conditions further ones, on single columns
 */
public record VolumeFilter(
        Optional<String> projectId,
        Set<String> statuses,
        Optional<String> name,
        Optional<String> host,
        Optional<String> migrationStatus,
        Map<String, String> metadata,
        Set<String> ids,
        List<Sort<Key>> sort,
        Page page,
        List<VolumeCondition> conditions) {
    /** Every volume of every project. */
    public static final VolumeFilter ALL = new VolumeFilter(
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Set.of(),
            List.of(),
            Page.ALL);

    public VolumeFilter {
        statuses = Set.copyOf(statuses);
        metadata = Map.copyOf(metadata);
        ids = Set.copyOf(ids);
        conditions = List.copyOf(conditions);
        sort = sort.isEmpty() ? List.of(Sort.descending(Key.CREATED_AT), Sort.descending(Key.ID)) : List.copyOf(sort);
    }

    /** Without further conditions. */
    public VolumeFilter(
            Optional<String> projectId,
            Set<String> statuses,
            Optional<String> name,
            Optional<String> host,
            Optional<String> migrationStatus,
            Map<String, String> metadata,
            Set<String> ids,
            List<Sort<Key>> sort,
            Page page) {
        this(projectId, statuses, name, host, migrationStatus, metadata, ids, sort, page, List.of());
    }

    /** The same conditions, other page. */
    public VolumeFilter on(Page other) {
        return new VolumeFilter(
                projectId, statuses, name, host, migrationStatus, metadata, ids, sort, other, conditions);
    }

    /** What volumes can be sorted by: columns of {@code volumes} under the names REST clients use. */
    public enum Key {
        ID,
        /** Column {@code display_name}. */
        NAME,
        STATUS,
        SIZE,
        HOST,
        ATTACH_STATUS,
        MIGRATION_STATUS,
        AVAILABILITY_ZONE,
        BOOTABLE,
        PROJECT_ID,
        USER_ID,
        VOLUME_TYPE_ID,
        CREATED_AT,
        UPDATED_AT,
        SCHEDULED_AT,
        LAUNCHED_AT,
        TERMINATED_AT,
        DISPLAY_DESCRIPTION,
        EC2_ID,
        SNAPSHOT_ID,
        SOURCE_VOLID,
        CLUSTER_NAME,
        PREVIOUS_STATUS,
        PROVIDER_ID,
        ENCRYPTION_KEY_ID,
        CONSISTENCYGROUP_ID,
        GROUP_ID,
        REPLICATION_STATUS,
        SERVICE_UUID,
        MULTIATTACH,
        SHARED_TARGETS,
        USE_QUOTA
    }
}
