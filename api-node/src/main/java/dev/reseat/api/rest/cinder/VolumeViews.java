package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Volume;
import dev.reseat.api.rest.ApiVersion;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.json.ResourceLink;
import dev.reseat.api.rest.json.VolumeAttachmentView;
import dev.reseat.api.rest.json.VolumeSummary;
import dev.reseat.api.rest.json.VolumeView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a caller gets to see of a volume in a microversion. Follows {@code cinder.api.v3.views.volumes}. */
final class VolumeViews {
    private static final String FIXED_KEY = "00000000-0000-0000-0000-000000000000";

    private VolumeViews() {}

    static VolumeSummary summary(Exchange exchange, Volume volume) {
        return VolumeSummary.of(volume, links(exchange, volume));
    }

    /** @param image what is kept of the image that the volume was made from */
    static VolumeView detail(Exchange exchange, Volume volume, Optional<Map<String, String>> image) {
        boolean withHost = exchange.context().isAdmin()
                || (exchange.context().values().get("roles") instanceof List<?> roles && roles.contains("service"));
        List<VolumeAttachmentView> attachments = VolumeView.shown(volume)
                .stream()
                .map(attachment -> VolumeAttachmentView.of(attachment, withHost))
                .toList();
        Map<String, Object> more = more(exchange, volume);
        image.ifPresent(values -> more.put("volume_image_metadata", values));
        return VolumeView.of(volume, links(exchange, volume), attachments, more);
    }

    private static List<ResourceLink> links(Exchange exchange, Volume volume) {
        String path = exchange.project() + "/volumes/" + volume.id();
        return List.of(
                new ResourceLink("self", exchange.base() + "/v3" + path),
                new ResourceLink("bookmark", exchange.base() + path));
    }

    private static Map<String, Object> more(Exchange exchange, Volume volume) {
        boolean admin = exchange.context().isAdmin();
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("os-vol-tenant-attr:tenant_id", volume.projectId());
        if (admin) {
            more.put("migration_status", volume.migrationStatus());
            more.put("os-vol-host-attr:host", volume.host());
            more.put("os-vol-mig-status-attr:migstat", volume.migrationStatus());
            more.put("os-vol-mig-status-attr:name_id", volume.nameId());
        }
        addVersioned(more, exchange.version(), admin, volume);
        return more;
    }

    private static void addVersioned(Map<String, Object> more, ApiVersion version, boolean admin, Volume volume) {
        if (version.atLeast(3, 13)) {
            more.put("group_id", volume.groupId());
        }
        if (version.atLeast(3, 21) && admin) {
            more.put("provider_id", volume.providerId());
        }
        if (version.atLeast(3, 48)) {
            Optional<Boolean> shared = volume.sharedTargets();
            more.put("shared_targets", version.atLeast(3, 69) ? shared : shared.or(() -> Optional.of(true)));
            more.put("service_uuid", volume.serviceUuid());
        }
        if (version.atLeast(3, 61) && admin) {
            more.put("cluster_name", volume.clusterName());
        }
        if (version.atLeast(3, 63)) {
            more.put("volume_type_id", volume.volumeTypeId());
        }
        if (version.atLeast(3, 64)) {
            volume.encryptionKeyId()
                    .filter(key -> !key.equals(FIXED_KEY))
                    .ifPresent(key -> more.put("encryption_key_id", key));
        }
        if (version.atLeast(3, 65)) {
            more.put("consumes_quota", volume.useQuota());
        }
    }
}
