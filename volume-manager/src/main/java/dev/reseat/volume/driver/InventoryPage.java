package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Part of all that a backend keeps.
 *
 * @param volumes by their names there
 * @param more whether others come after the last of them
 */
public record InventoryPage(SortedMap<String, ListedVolume> volumes, boolean more) {
    public InventoryPage {
        volumes = Collections.unmodifiableSortedMap(new TreeMap<>(volumes));
    }

    /**
     * Looks at one after the other, at as many as half of the time is enough for: the rest is the next page's.
     *
     * @param names of all
     * @param after begins behind that one; empty for the beginning
     * @throws DriverException.OutOfTime if there is no time for a single one
     */
    public static InventoryPage of(
            SortedSet<String> names, Optional<String> after, int most, Deadline deadline,
            Function<String, ListedVolume> look) {
        Deadline half = deadline.within(deadline.remaining().dividedBy(2));
        SortedMap<String, ListedVolume> page = new TreeMap<>();
        for (String name : after.map(last -> names.tailSet(last + '\0')).orElse(names)) {
            if (page.size() == most || (!page.isEmpty() && half.isOver())) {
                return new InventoryPage(page, true);
            }
            DriverException.OutOfTime.check(deadline, "look at " + name);
            page.put(name, look.apply(name));
        }
        return new InventoryPage(page, false);
    }
}
