package dev.reseat.api.rest.json;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A volume in {@code GET /volumes/{id}} and {@code /volumes/detail}, as Cinder's view builder writes it.
 *
 * @param volumeType the type's name
 * @param bootable text, {@code true} or {@code false}
 * @param more what depends on the microversion and on who asks
 */
public record VolumeView(
        String id,
        String status,
        int size,
        Optional<String> availabilityZone,
        Optional<String> createdAt,
        Optional<String> updatedAt,
        Optional<String> name,
        Optional<String> description,
        Optional<String> volumeType,
        Optional<String> snapshotId,
        @JsonProperty("source_volid") Optional<String> sourceVolid,
        Map<String, String> metadata,
        List<ResourceLink> links,
        Optional<String> userId,
        String bootable,
        boolean encrypted,
        Optional<String> replicationStatus,
        @JsonProperty("consistencygroup_id") Optional<String> consistencygroupId,
        boolean multiattach,
        List<VolumeAttachmentView> attachments,
        @JsonAnyGetter @JsonAnySetter Map<String, Object> more) {
    private static final Map<String, String> SHOWN_STATUS =
            Map.of("managing", "creating", "error_managing", "error", "error_managing_deleting", "deleting");
    private static final Set<String> SHOWN_ADMIN_METADATA = Set.of("readonly", "attached_mode");

    /**
     * The view of a volume.
     *
     * @param more what else to show, under the names of the API
     */
    public static VolumeView of(
            Volume volume, List<ResourceLink> links, List<VolumeAttachmentView> attachments, Map<String, Object> more) {
        return new VolumeView(
                volume.id(),
                SHOWN_STATUS.getOrDefault(volume.status(), volume.status()),
                volume.size(),
                volume.availabilityZone(),
                volume.createdAt().map(CinderTime::text),
                volume.updatedAt().map(CinderTime::text),
                volume.displayName(),
                volume.displayDescription(),
                volume.volumeTypeName().or(volume::volumeTypeId),
                volume.snapshotId(),
                volume.sourceVolumeId(),
                metadata(volume),
                links,
                volume.userId(),
                Boolean.toString(volume.bootable()),
                volume.encryptionKeyId().isPresent(),
                volume.replicationStatus(),
                volume.consistencyGroupId(),
                volume.multiattach(),
                attachments,
                more);
    }

    /** {@code host@backend#pool}; only administrators are told. */
    @JsonIgnore
    public Optional<String> host() {
        return text("os-vol-host-attr:host");
    }

    /** Only administrators are told. */
    @JsonIgnore
    public Optional<String> migrationStatus() {
        return text("migration_status");
    }

    /** The owning project. */
    @JsonIgnore
    public Optional<String> projectId() {
        return text("os-vol-tenant-attr:tenant_id");
    }

    private Optional<String> text(String key) {
        return more.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Map<String, String> metadata(Volume volume) {
        Map<String, String> shown = new LinkedHashMap<>(volume.metadata());
        volume.adminMetadata().forEach((key, value) -> {
            if (SHOWN_ADMIN_METADATA.contains(key)) {
                shown.put(key, value);
            }
        });
        return shown;
    }

    /** Those of the volume's attachments that show up in it: the attached ones. */
    public static List<Attachment> shown(Volume volume) {
        return volume.attachments()
                .stream()
                .filter(attachment -> attachment.status().equals("attached"))
                .toList();
    }
}
