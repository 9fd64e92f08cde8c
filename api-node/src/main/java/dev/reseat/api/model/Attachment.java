package dev.reseat.api.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A row of Cinder's {@code volume_attachment}.
 *
 * @param mode as stored; Cinder stores the text {@code null} when none was given
 * @param connectionInfo JSON text, flat; a secret
 * @param connector JSON text; empty for a blank attachment, which only reserves
 */
public record Attachment(
        String id,
        String volumeId,
        Optional<String> instanceUuid,
        Optional<String> attachedHost,
        Optional<String> mountpoint,
        Optional<Instant> attachTime,
        Optional<Instant> detachTime,
        Optional<String> mode,
        String status,
        Optional<String> connectionInfo,
        Optional<String> connector,
        Optional<Instant> createdAt,
        Optional<Instant> updatedAt,
        Optional<Instant> deletedAt,
        boolean deleted) {
    /** The same with another connection_info. */
    public Attachment with(Optional<String> newConnectionInfo) {
        return new Attachment(
                id, volumeId, instanceUuid, attachedHost, mountpoint, attachTime, detachTime, mode, status,
                newConnectionInfo, connector, createdAt, updatedAt, deletedAt, deleted);
    }

    /** Which attachment, never its secrets. */
    @Override
    public String toString() {
        return "Attachment[" + id + ", " + status + "]";
    }
}
