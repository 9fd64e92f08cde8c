package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Query;
import dev.reseat.api.rest.schema.PythonLiteral;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the query of a volume list into a filter. Follows {@code cinder.api.v3.volumes}. */
final class VolumeQuery {
    /** What anybody may filter by, as {@code resource_filters.json} has it. */
    private static final Set<String> PUBLIC = Set.of(
            "name",
            "status",
            "metadata",
            "bootable",
            "migration_status",
            "availability_zone",
            "group_id",
            "size",
            "created_at",
            "updated_at",
            "consumes_quota");
    private static final Set<String> SERVED =
            Set.of("name", "status", "metadata", "migration_status", "host", "id", "project_id");
    /** Columns of volumes that upstream filters by and we do not. */
    private static final Set<String> NOT_SERVED = Set.of(
            "bootable",
            "availability_zone",
            "group_id",
            "size",
            "created_at",
            "updated_at",
            "consumes_quota",
            "attach_status",
            "user_id",
            "volume_type_id",
            "snapshot_id",
            "source_volid",
            "multiattach",
            "encryption_key_id",
            "replication_status",
            "consistencygroup_id",
            "cluster_name",
            "service_uuid",
            "provider_id",
            "glance_metadata");

    private VolumeQuery() {}

    /** The filter; empty if nothing can match: that is what upstream makes of filters it does not know. */
    static Optional<VolumeFilter> of(Exchange exchange) {
        Query query = exchange.query();
        Page page = ListQuery.page(query, exchange.maxLimit());
        List<Sort<VolumeFilter.Key>> sort = ListQuery.sort(query, VolumeQuery::key);
        Map<String, String> filters = ListQuery.filters(query);
        if (exchange.version().atLeast(3, 45)) {
            filters.remove("with_count");
        }
        boolean admin = exchange.context().isAdmin();
        if (!admin) {
            keepPublic(exchange, filters);
        }
        boolean everyProject = query.flag("all_tenants") && admin;
        filters.remove("all_tenants");
        for (String key : filters.keySet()) {
            if (NOT_SERVED.contains(key) || key.endsWith("~")) {
                throw HttpFault.badRequest("Volumes cannot be filtered by " + key + " here.");
            }
            if (!SERVED.contains(key)) {
                return Optional.empty();
            }
        }
        Optional<String> own = Optional.of(exchange.context().projectId().orElse(""));
        Optional<String> named = Optional.ofNullable(filters.get("project_id"));
        if (!everyProject && named.isPresent() && !named.equals(own)) {
            return Optional.empty();
        }
        return Optional.of(new VolumeFilter(
                everyProject ? named : own,
                texts(filters, "status"),
                Optional.ofNullable(filters.get("name")),
                Optional.ofNullable(filters.get("host")),
                Optional.ofNullable(filters.get("migration_status")),
                metadata(filters),
                texts(filters, "id"),
                sort,
                page));
    }

    /** The key that the API calls so. */
    private static Optional<VolumeFilter.Key> key(String name) {
        String known = name.equals("display_name") ? "name" : name;
        return Arrays.stream(VolumeFilter.Key.values())
                .filter(key -> key.name().toLowerCase(Locale.ROOT).equals(known))
                .findFirst();
    }

    /** From 3.31 on unknown filters are refused, before they were dropped; {@code all_tenants} is dropped always. */
    private static void keepPublic(Exchange exchange, Map<String, String> filters) {
        List<String> others = filters.keySet()
                .stream()
                .filter(key -> !PUBLIC.contains(key) && !key.equals("all_tenants"))
                .toList();
        if (!others.isEmpty() && exchange.version().atLeast(3, 31)) {
            throw HttpFault.badRequest("Invalid filters " + String.join(",", others) + " are found in query options.");
        }
        others.forEach(filters::remove);
    }

    /** One text, or a Python list of them. */
    private static Set<String> texts(Map<String, String> filters, String key) {
        String value = filters.get(key);
        if (value == null) {
            return Set.of();
        }
        return Set.copyOf(PythonLiteral.list(value).orElse(List.of(value)));
    }

    private static Map<String, String> metadata(Map<String, String> filters) {
        String value = filters.get("metadata");
        if (value == null) {
            return Map.of();
        }
        return PythonLiteral.dict(value)
                .orElseThrow(
                        () -> HttpFault.badRequest("metadata must be a dictionary of texts, like {'key': 'value'}"));
    }
}
