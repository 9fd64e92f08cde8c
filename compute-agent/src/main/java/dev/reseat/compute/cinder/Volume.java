package dev.reseat.compute.cinder;

import java.util.List;

/** A volume as block storage shows it. */
public record Volume(String id, String status, List<Attachment> attachments) {
    public Volume {
        attachments = List.copyOf(attachments);
    }

    /**
     * @param serverId the instance; blank if it is attached to no instance
     * @param hostName the host its connector named; blank if it has none
     */
    public record Attachment(String id, String serverId, String hostName) {}
}
