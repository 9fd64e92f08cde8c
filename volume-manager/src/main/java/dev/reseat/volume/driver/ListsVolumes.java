package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import java.util.Optional;

/** A driver that can list everything it keeps, so that many volumes cost few questions. */
public interface ListsVolumes {
    /**
     * Part of the list, in the order of the names. Looks and changes nothing. Names as the backend has them, such as
     * {@code volume-ID}; things of the backend that are not called as volumes are left out.
     *
     * @param after lists what comes after that name; empty for the beginning
     * @param most how many at most; it may be fewer, as many as can be looked at in time
     * @throws DriverException.BackendFailed if they cannot be listed
     * @throws DriverException.OutOfTime or not by the deadline
     */
    InventoryPage inventory(Optional<String> after, int most, Deadline deadline);
}
