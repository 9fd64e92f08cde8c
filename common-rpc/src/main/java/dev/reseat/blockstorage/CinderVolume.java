package dev.reseat.blockstorage;

import java.util.List;

/** A volume as block storage shows it. */
public record CinderVolume(String id, String status, List<Attachment> attachments) {
    public CinderVolume {
        attachments = List.copyOf(attachments);
    }

    /**
     * @param serverId the instance; blank if it is attached to no instance
     * @param hostName the host its connector named; blank if it has none, or that is not shown to us
     */
    public record Attachment(String id, String serverId, String hostName) {}
}
