package dev.reseat.api.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What Nova's rows say around a volume's servers.
 *
 * @param migrations status of the latest migration, by uuid of the server; no entry if there was none
 * @param services whether the compute service of a host reports, by host; no entry if there is no row
 * @param roots uuids of the mappings that a server boots from
 */
public record Circumstances(Map<String, String> migrations, Map<String, Boolean> services, Set<String> roots) {
    /** Nothing was read. */
    public static final Circumstances NONE = new Circumstances(Map.of(), Map.of(), Set.of());

    public Circumstances {
        migrations = Map.copyOf(migrations);
        services = Map.copyOf(services);
        roots = Set.copyOf(roots);
    }

    /** What either says; of one server or host, what this one says. */
    public Circumstances and(Circumstances other) {
        Map<String, String> allMigrations = new HashMap<>(other.migrations);
        allMigrations.putAll(migrations);
        Map<String, Boolean> allServices = new HashMap<>(other.services);
        allServices.putAll(services);
        Set<String> allRoots = new HashSet<>(other.roots);
        allRoots.addAll(roots);
        return new Circumstances(allMigrations, allServices, allRoots);
    }
}
