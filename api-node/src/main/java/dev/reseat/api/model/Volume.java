package dev.reseat.api.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row of Cinder's {@code volumes}, with what its REST view needs.
 *
 * @param id as stored; a UUID in every real deployment
 * @param host {@code host@backend#pool}; empty before it is scheduled
 * @param providerAuth a secret
 * @param attachments live ones only
 */
public record Volume(
        String id,
        Optional<String> userId,
        Optional<String> projectId,
        Optional<String> host,
        Optional<String> clusterName,
        int size,
        Optional<String> availabilityZone,
        String status,
        Optional<String> attachStatus,
        Optional<String> migrationStatus,
        Optional<String> previousStatus,
        Optional<String> displayName,
        Optional<String> displayDescription,
        Optional<String> volumeTypeId,
        Optional<String> volumeTypeName,
        Optional<String> snapshotId,
        Optional<String> sourceVolumeId,
        Optional<String> consistencyGroupId,
        Optional<String> groupId,
        Optional<String> nameId,
        Optional<String> providerId,
        Optional<String> providerLocation,
        Optional<String> providerAuth,
        Optional<String> encryptionKeyId,
        Optional<String> replicationStatus,
        Optional<String> serviceUuid,
        boolean bootable,
        boolean multiattach,
        Optional<Boolean> sharedTargets,
        boolean useQuota,
        Optional<Instant> launchedAt,
        Optional<Instant> createdAt,
        Optional<Instant> updatedAt,
        Map<String, String> metadata,
        Map<String, String> adminMetadata,
        List<Attachment> attachments) {
    public Volume {
        metadata = Map.copyOf(metadata);
        adminMetadata = Map.copyOf(adminMetadata);
        attachments = List.copyOf(attachments);
    }

    /** Where its volume service is asked: the cluster of an active-active one, else the host, as Cinder does it. */
    public Optional<String> serviceName() {
        return clusterName.filter(name -> !name.isEmpty()).or(() -> host);
    }

    /** Those that the attachments are for. */
    public Set<String> instances() {
        return attachments.stream().map(Attachment::instanceUuid).flatMap(Optional::stream).collect(Collectors.toSet());
    }

    /** The same with other columns, as a reset leaves it. */
    public Volume reset(
            String newStatus, Optional<String> newAttachStatus, Optional<String> newMigrationStatus,
            List<Attachment> newAttachments) {
        return new Volume(
                id, userId, projectId, host, clusterName, size, availabilityZone, newStatus, newAttachStatus,
                newMigrationStatus, previousStatus, displayName, displayDescription, volumeTypeId, volumeTypeName,
                snapshotId, sourceVolumeId, consistencyGroupId, groupId, nameId, providerId, providerLocation,
                providerAuth, encryptionKeyId, replicationStatus, serviceUuid, bootable, multiattach, sharedTargets,
                useQuota, launchedAt, createdAt, updatedAt, metadata, adminMetadata, newAttachments);
    }

    /** The same with these attachments. */
    public Volume with(List<Attachment> newAttachments) {
        return reset(status, attachStatus, migrationStatus, newAttachments);
    }

    /** Under which names its volume service may listen, first choice first: the cluster, the host; without a pool. */
    public List<String> services() {
        return services(clusterName, host);
    }

    /** The same of a row's columns. */
    public static List<String> services(Optional<String> clusterName, Optional<String> host) {
        return Stream.of(clusterName, host)
                .flatMap(Optional::stream)
                .map(name -> name.replaceFirst("#.*$", ""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** What its backend knows it by: another id since it was migrated. */
    public String storedId() {
        return nameId.filter(id -> !id.isEmpty()).orElse(id);
    }

    /** What a change is conditional on: {@code UPDATE … WHERE} these still hold. */
    public Guard guard() {
        return new Guard(id, status, attachStatus, migrationStatus, attachments.stream().map(Attachment::id).toList());
    }

    /** The state a decision was made on. */
    public record Guard(
            String id,
            String status,
            Optional<String> attachStatus,
            Optional<String> migrationStatus,
            List<String> attachmentIds) {
        public Guard {
            attachmentIds = attachmentIds.stream().sorted().toList();
        }
    }

    /** A volume's name in messages: its id. Never its secrets. */
    @Override
    public String toString() {
        return "Volume[" + id + ", " + status + "]";
    }
}
