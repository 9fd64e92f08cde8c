package dev.reseat.contract.connection;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Names of hosts in iSCSI. Large and small letters are the same in them (RFC 3722); the kernel's target writes them
 * small, whatever the host calls itself, and tgtd keeps them as they were given.
 */
public final class InitiatorNames {
    private InitiatorNames() {}

    /** Whether two names are one host's. */
    public static boolean same(String one, String other) {
        return one.equalsIgnoreCase(other);
    }

    /** A set in which every name is found, however it is written. */
    public static SortedSet<String> of(Collection<String> names) {
        SortedSet<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(names);
        return Collections.unmodifiableSortedSet(all);
    }
}
