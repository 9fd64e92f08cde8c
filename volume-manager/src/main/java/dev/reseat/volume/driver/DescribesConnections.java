package dev.reseat.volume.driver;

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
     * Looks and changes nothing. Empty only if the backend lets nobody in and has seen that nobody is there: what it
     * cannot see is an entry that says so.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    List<Client> describe(Volume volume, Deadline deadline);

    /**
     * How a host would reach the volume now, {@code {driver_volume_type, data}} without secrets. Empty for a backend
     * that cannot tell without a change. Looks and changes nothing.
     */
    default Optional<Map<String, Object>> location(Volume volume) {
        return Optional.empty();
    }
}
