package dev.reseat.volume.driver;

import dev.reseat.contract.volume.BreakLock;
import dev.reseat.runtime.Deadline;

/** A driver whose backend gives one client at a time a lock on a volume, which can outlive the client. */
public interface BreaksLocks {
    /**
     * Breaks the lock that a dead client has left: one lock, if its owner does not use the volume and the backend keeps
     * it from coming back. Looks right before and afterwards. Nobody is fenced for it.
     *
     * @throws DriverException.VolumeMissing if the backend does not have the volume
     * @throws DriverException.BackendFailed if the lock is still there
     */
    BreakLock.Result breakLock(BackendVolume volume, Deadline deadline);
}
