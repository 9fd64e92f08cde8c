package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import java.util.List;

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
}
