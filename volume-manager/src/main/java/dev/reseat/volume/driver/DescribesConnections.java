package dev.reseat.volume.driver;

import dev.reseat.contract.volume.BackendConnection;
import java.util.List;

/** A driver that can tell who the backend sees at a volume. */
public interface DescribesConnections {
    /**
     * Looks and changes nothing. Empty only if the backend lets nobody in and has seen that nobody is there: what it
     * cannot see is an entry that says so.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     */
    List<BackendConnection> describe(Volume volume);
}
