package dev.reseat.compute.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * The removal of a volume's connection, asked for by RPC, and how far it has come.
 *
 * @param attachmentId what Nova's mapping named when the removal began; empty for one of the time before attachments
 * @param deletesAttachment whether the caller wants the attachment deleted as well
 * @param driverVolumeType the protocol; empty if the mapping had no connection_info
 * @param device what a {@code local} connection was on
 * @param step what was about to be done; it may have been done
 */
public record Removal(
        String volumeId,
        String instanceUuid,
        Optional<String> attachmentId,
        boolean deletesAttachment,
        Optional<String> driverVolumeType,
        Optional<String> device,
        Optional<String> requestId,
        Instant begun,
        Step step) {
    public Removal {
        if (volumeId == null || instanceUuid == null || begun == null || step == null) {
            throw new IllegalArgumentException("a removal needs volume_id, instance_uuid, begun and step");
        }
    }

    /** In the order they are done. */
    public enum Step {
        /** Taking the disk out of the guest. */
        GUEST,
        /** Taking the connection off this host. */
        HOST,
        /** This host is done; block storage was to be told, which only the caller may ask for again. */
        BLOCK_STORAGE
    }

    public Removal at(Step next) {
        return new Removal(volumeId, instanceUuid, attachmentId, deletesAttachment, driverVolumeType, device, requestId,
                begun, next);
    }

    /** Whether this host may be left with half of it done. */
    public boolean touchesHost() {
        return step != Step.BLOCK_STORAGE;
    }

    @Override
    public String toString() {
        return "removal of volume " + volumeId + " from instance " + instanceUuid + ", begun " + begun + " by "
                + requestId.orElse("-") + ", at step " + step;
    }
}
