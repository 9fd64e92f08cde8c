package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import java.util.List;
import java.util.SortedMap;

/** A driver that can list everything it keeps, so that many volumes cost one question. */
public interface ListsVolumes {
    /**
     * Looks and changes nothing. Names as the backend has them, such as {@code volume-ID}, each with everybody who is
     * seen there, as {@link DescribesConnections#describe} tells it.
     *
     * @throws DriverException.BackendFailed if they cannot all be listed, or not by the deadline
     */
    SortedMap<String, List<Client>> inventory(Deadline deadline);
}
