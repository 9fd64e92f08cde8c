package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import java.util.List;

/** A driver that can tell who the backend sees at a volume; only with that a reset can be proved. */
public interface DescribesConnections {
    /**
     * Looks and changes nothing. Empty only if the backend lets nobody in and has seen that nobody is there: what it
     * cannot see is an entry that says so.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    List<Client> describe(Volume volume, Deadline deadline);
}
