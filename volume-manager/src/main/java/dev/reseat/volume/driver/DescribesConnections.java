package dev.reseat.volume.driver;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.runtime.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A driver that can tell who the backend sees at a volume; only with that a reset can be proved. */
public interface DescribesConnections {
    /**
     * Whether the backend lets hosts in one by one, so that {@link #describe} shows each of them, and a host that is
     * not shown is kept out. Where whoever has the key is in, only who uses a volume can be shown.
     */
    default boolean keepsHostsOut() {
        return true;
    }

    /**
     * Whether each attachment is let in by itself. Where the backend knows hosts only, one that has several attachments
     * is shown once.
     */
    default boolean knowsAttachments() {
        return true;
    }

    /**
     * Looks and changes nothing. Empty only if the backend lets nobody in and has seen that nobody is there: what it
     * cannot see is an entry that says so.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    List<Client> describe(BackendVolume volume, Deadline deadline);

    /**
     * The volume itself: what holds it, and whether one client has locked it for himself. Looks and changes nothing.
     * What is not told here is unknown, and nothing is repaired by a guess.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    default StoredVolume stored(BackendVolume volume, Deadline deadline) {
        return StoredVolume.UNTOLD;
    }

    /**
     * How a host would reach the volume now, {@code {driver_volume_type, data}} without secrets. Empty for a backend
     * that cannot tell without a change. Looks and changes nothing.
     */
    default Optional<Map<String, Object>> location(BackendVolume volume, Deadline deadline) {
        return Optional.empty();
    }

    /**
     * What {@link VolumeDriver#initializeConnection} would answer to this host now, secrets too. Empty where it would
     * have to let the host in first, and for a backend that cannot tell without a change. Looks and changes nothing.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    default Optional<ConnectionInfo> connection(
            BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        return Optional.empty();
    }
}
