package dev.reseat.api.job;

import dev.reseat.api.object.JsonText;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.volume.VolumeArguments;
import dev.reseat.testing.CloudFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Servers whose volumes are reached over monitors that have moved, and what volume service and agent do for them. */
final class MovedMonitors {
    static final String OLD = "192.0.2.10";
    static final String NEW = "192.0.2.20";

    private final CloudFixture cloud;

    MovedMonitors(JobCloud node) {
        this.cloud = node.cloud;
        node.backends.connection = this::connect;
        node.agents.remove = this::remove;
    }

    /** A volume that an instance on host-a has over that monitor; the mapping's uuid. */
    String mapping(String instance, String monitor) {
        String volume = cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        String attachment = attachment(instance, volume, monitor);
        return cloud.blockDevice(instance, volume, Map.of(
                "attachment_id", attachment, "connection_info",
                JsonText.of(Map.of("driver_volume_type", "rbd", "data", rbd(monitor)))));
    }

    String attachment(String instance, String volume, String monitor) {
        return cloud.attachment(volume, Map.of(
                "instance_uuid", instance, "connector", "{\"host\": \"host-a\"}",
                "connection_info", JsonText.of(rbd(monitor))));
    }

    /** What is stored of a mapping. */
    String info(String mapping) {
        return cloud.row(cloud.nova(), "SELECT connection_info FROM block_device_mapping WHERE uuid = ?", mapping)
                .get("connection_info")
                .toString();
    }

    static Map<String, Object> rbd(String monitor) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("driver_volume_type", "rbd");
        info.put("name", "volumes/v");
        info.put("hosts", List.of(monitor));
        info.put("ports", List.of("6789"));
        return info;
    }

    /** As Cinder's volume service: it stores all of the attachment but connection_info, which it answers. */
    private Map<String, Object> connect(VolumeArguments.AttachmentUpdate args) {
        cloud.execute(
                cloud.cinder(),
                "UPDATE volume_attachment SET connector = ?, attached_host = ?, attach_status = 'attaching'"
                        + " WHERE id = ?",
                JsonText.of(args.connector()), args.connector().get("host"), args.attachmentId());
        return rbd(NEW);
    }

    /** As an agent that also deletes the old attachment. */
    void remove(RemoveVolumeConnection.AsStep args) {
        cloud.execute(cloud.cinder(), "UPDATE volume_attachment SET deleted = true, attach_status = 'detached'"
                + " WHERE volume_id = ? AND connector IS NOT NULL", args.volumeId());
    }
}
