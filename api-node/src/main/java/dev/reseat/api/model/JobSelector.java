package dev.reseat.api.model;

import java.util.Optional;
import java.util.Set;

/**
 * Which volumes a job is about. Several conditions must all hold, of one condition any value.
 *
 * @param states of the volume
 * @param hosts compute hosts that an attachment or the instance of a mapping names
 * @param backends a name as Cinder's host filter takes it, {@code HOST@BACKEND} for instance
 * @param projects that own the volume
 * @param olderThan seconds since the volume's row was changed last
 * @param ids of volumes
 * @param patterns numbers of the decision table, one of which the volume must show, or may; it needs another condition
 *     beside it, since it is asked for only when an item is planned
 * @param addresses of storage, {@code ADDRESS} or {@code ADDRESS:PORT}, or a world wide name, that a connection_info
 *     holds
 */
public record JobSelector(
        Set<String> states,
        Set<String> hosts,
        Set<String> backends,
        Set<String> projects,
        Optional<Long> olderThan,
        Set<String> ids,
        Set<String> addresses,
        Set<String> patterns) {
    /** A hundred years, in seconds. */
    private static final long LONGEST = 100L * 366 * 86_400;

    public JobSelector {
        states = Set.copyOf(states);
        hosts = Set.copyOf(hosts);
        backends = Set.copyOf(backends);
        projects = Set.copyOf(projects);
        ids = Set.copyOf(ids);
        addresses = Set.copyOf(addresses);
        patterns = Set.copyOf(patterns);
        if (olderThan.filter(seconds -> seconds < 0 || seconds > LONGEST).isPresent()) {
            throw new IllegalArgumentException(
                    "older_than must not be negative, nor more than " + LONGEST + ": " + olderThan.get());
        }
    }

    /** Those volumes alone. */
    public static JobSelector of(Set<String> ids) {
        return new JobSelector(Set.of(), Set.of(), Set.of(), Set.of(), Optional.empty(), ids, Set.of(), Set.of());
    }

    /** Whether nothing is asked for that rows tell: that selects nothing, not everything. */
    public boolean isEmpty() {
        return states.isEmpty() && hosts.isEmpty() && backends.isEmpty() && projects.isEmpty() && olderThan.isEmpty()
                && ids.isEmpty() && addresses.isEmpty();
    }
}
