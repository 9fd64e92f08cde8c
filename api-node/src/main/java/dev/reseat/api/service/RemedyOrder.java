package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Volume;
import java.util.Optional;

/**
 * What a {@link Remedy} is to do, as the journal keeps it: without secrets, and enough to take it back.
 *
 * @param back whether the repair is taken back
 * @param volume as it was decided on
 * @param mapping Nova's mapping that is concerned
 * @param kept another mapping of the same volume in the same server, which stays
 * @param attachmentId the attachment that is concerned
 */
record RemedyOrder(
        Repair repair,
        boolean back,
        Volume.Guard volume,
        Optional<Mapping> mapping,
        Optional<String> kept,
        Optional<String> attachmentId) {
    /** A repair of a volume by one attachment. */
    static RemedyOrder ofAttachment(Repair repair, Volume volume, String attachmentId) {
        return new RemedyOrder(
                repair, false, volume.guard(), Optional.empty(), Optional.empty(), Optional.of(attachmentId));
    }

    /** The way back. */
    RemedyOrder inverted() {
        return new RemedyOrder(repair, !back, volume, mapping, kept, attachmentId);
    }

    /** A mapping as it was decided on, without its connection_info, which is a secret. */
    record Mapping(int id, String uuid, String instanceUuid, Optional<String> attachmentId) {
        static Mapping of(BlockDevice device) {
            return new Mapping(device.id(), device.uuid(), device.instanceUuid(), device.attachmentId());
        }
    }
}
