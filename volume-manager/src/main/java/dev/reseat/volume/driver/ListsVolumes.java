package dev.reseat.volume.driver;

import java.util.List;
import java.util.SortedMap;

/** A driver that can list everything it keeps, so that many volumes cost one question. */
public interface ListsVolumes {
    /**
     * Looks and changes nothing. Names as the backend has them, such as {@code volume-ID}, each with everybody who is
     * seen there, as {@link DescribesConnections#describe} tells it.
     */
    SortedMap<String, List<Client>> inventory();
}
