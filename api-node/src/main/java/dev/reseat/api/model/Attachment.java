package dev.reseat.api.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A row of Cinder's {@code volume_attachment}.
 *
 * @param mode as stored: {@link #NO_MODE} when none was given, and none at all while a new one is being connected
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
    /** What Cinder stores for a mode that was never given. */
    public static final String NO_MODE = "null";

    /** The same with another connection_info. */
    public Attachment with(Optional<String> newConnectionInfo) {
        return new Attachment(
                id, volumeId, instanceUuid, attachedHost, mountpoint, attachTime, detachTime, mode, status,
                newConnectionInfo, connector, createdAt, updatedAt, deletedAt, deleted);
    }

    /** The same with another mode. */
    public Attachment withMode(String newMode) {
        return new Attachment(
                id, volumeId, instanceUuid, attachedHost, mountpoint, attachTime, detachTime, Optional.of(newMode),
                status, connectionInfo, connector, createdAt, updatedAt, deletedAt, deleted);
    }

    /** The same in another state. */
    public Attachment withStatus(String newStatus) {
        return new Attachment(
                id, volumeId, instanceUuid, attachedHost, mountpoint, attachTime, detachTime, mode, newStatus,
                connectionInfo, connector, createdAt, updatedAt, deletedAt, deleted);
    }

    /** Which attachment, never its secrets. */
    @Override
    public String toString() {
        return "Attachment[" + id + ", " + status + "]";
    }
}
