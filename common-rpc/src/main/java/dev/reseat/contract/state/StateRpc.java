package dev.reseat.contract.state;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.util.Map;
import java.util.Optional;

/**
 * Where the state service of the api-nodes listens, and its methods, all in namespace {@code reseat} of topic
 * {@code reseat-api}.
 *
 * <pre>
 *   1.0   get_volume, get_attachment, attachment_connected, attach, finish_detach
 *   1.1   export_created
 *   1.2   admit_step, report_step (room step), diagnose
 *   1.3   report_volume_service, operation_not_served; export_created finds a volume by its cluster too
 *   1.4   finding_list, finding_show, finding_ignore, finding_unignore, repair, undo, reset_status,
 *         refresh_connection_info
 *   1.5   finding_list by verdict; with this version diagnose and the methods of jobs can be called too
 * </pre>
 */
public final class StateRpc {
    public static final String NAMESPACE = "reseat";
    public static final RpcVersion VERSION = RpcVersion.of(1, 3);
    /** What other services may ask of volumes and findings. */
    public static final RpcVersion OPERATIONS = RpcVersion.of(1, 5);
    private static final RpcVersion STATE = RpcVersion.of(1, 1);
    private static final RpcVersion STEPS = RpcVersion.of(1, 2);

    private StateRpc() {}

    /** For what a volume-manager reads or has committed. */
    public static Target target() {
        return Target.of(OwnExchange.NAME, OwnExchange.API_TOPIC).inNamespace(NAMESPACE).atVersion(STATE);
    }

    /** For {@code admit_step} and {@code report_step}. */
    public static Target steps() {
        return target().atVersion(STEPS);
    }

    /** For what only a volume-manager in place of a cinder-volume tells. */
    public static Target inPlaceOfCinder() {
        return target().atVersion(VERSION);
    }

    /** {@code get_volume}: the Volume with its live attachments; failure {@code VolumeNotFound}. */
    public record GetVolume(String volumeId) {
        public static final String METHOD = "get_volume";
    }

    /** {@code get_attachment}: the VolumeAttachment; failure {@code VolumeAttachmentNotFound}. */
    public record GetAttachment(String attachmentId) {
        public static final String METHOD = "get_attachment";
    }

    /**
     * {@code export_created}: what a driver says of the export it has made, its model update. Both columns are stored,
     * an absent value as null. Repeatable; failure {@code VolumeNotFound}, also if the volume is on another backend by
     * now. Returns null.
     *
     * @param host {@code host@backend} of who has made it, or {@code cluster@backend} where it is one of a cluster
     * @param providerAuth a secret
     */
    public record ExportCreated(
            String volumeId, String host, Optional<String> providerLocation, Optional<String> providerAuth) {
        public static final String METHOD = "export_created";

        @Override
        public String toString() {
            return "ExportCreated[" + volumeId + "]";
        }
    }

    /**
     * {@code attachment_connected}: the host may connect now. Stores connector and connection_info; attachment, volume
     * status and attach_status become {@code attaching} (Cinder: {@code volume_attached(mark_attached=False)}).
     * Repeatable. Returns the VolumeAttachment.
     *
     * @param connectionInfo flat, a secret
     */
    public record AttachmentConnected(
            String attachmentId, Map<String, Object> connector, Map<String, Object> connectionInfo,
            Optional<String> attachMode) {
        public static final String METHOD = "attachment_connected";

        @Override
        public String toString() {
            return "AttachmentConnected[" + attachmentId + "]";
        }
    }

    /**
     * {@code attach}: the volume is attached; used by {@code attach_volume}. Finds the attachment of that instance or
     * host or makes one; it becomes {@code attached}, the volume {@code in-use}. Repeatable. Returns the
     * VolumeAttachment.
     */
    public record Attach(
            String volumeId,
            Optional<String> instanceUuid,
            Optional<String> hostName,
            Optional<String> mountpoint,
            Optional<String> mode) {
        public static final String METHOD = "attach";
    }

    /**
     * {@code finish_detach}: the attachment is gone. Soft-deletes it and derives the volume's status from what remains
     * ({@code volume_detached}). Repeatable: an attachment that is gone already only has the status derived. Returns
     * null.
     */
    public record FinishDetach(String volumeId, Optional<String> attachmentId) {
        public static final String METHOD = "finish_detach";
    }
}
