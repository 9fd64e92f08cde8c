package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.VolumeCondition;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.rest.ApiVersion;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Query;
import dev.reseat.api.rest.schema.PythonLiteral;
import java.util.ArrayList;
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
        byVersion(filters, exchange.version());
        Optional<String> own = Optional.of(exchange.context().projectId().orElse(""));
        if (!everyProject) {
            filters.remove("project_id"); // one's own, whatever is asked for
        }
        return conditions(filters, exchange.version())
                .flatMap(conditions -> metadata(filters).map(metadata -> new VolumeFilter(
                        everyProject ? Optional.empty() : own,
                        Set.of(),
                        Optional.empty(),
                        Optional.ofNullable(filters.get("host")).filter(host -> !host.isEmpty()),
                        Optional.empty(),
                        metadata,
                        Set.of(),
                        sort,
                        page,
                        conditions)));
    }

    /** Names as rows have them; filters that a version does not have yet are dropped. */
    private static void byVersion(Map<String, String> filters, ApiVersion version) {
        if (version.atLeast(3, 31)) {
            rename(filters, "name~", "display_name~");
            rename(filters, "description~", "display_description~");
            rename(filters, "consumes_quota", "use_quota");
        } else {
            List.of("created_at", "updated_at", "use_quota", "name~").forEach(filters::remove);
            if (!version.atLeast(3, 10)) {
                filters.remove("group_id");
            }
            if (!version.atLeast(3, 4)) {
                filters.remove("glance_metadata");
            }
        }
        rename(filters, "name", "display_name");
        if (filters.containsKey("use_quota")) {
            new Query(filters).flag("use_quota");
        }
    }

    private static void rename(Map<String, String> filters, String from, String to) {
        String value = filters.remove(from);
        if (value != null) {
            filters.put(to, value);
        }
    }

    private static Optional<List<VolumeCondition>> conditions(Map<String, String> filters, ApiVersion version) {
        List<VolumeCondition> all = new ArrayList<>();
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            String key = filter.getKey();
            if (key.equals("metadata") || key.equals("host")) {
                continue;
            }
            if (key.equals("glance_metadata")) {
                Optional<Map<String, String>> pairs = PythonLiteral.dict(filter.getValue());
                if (pairs.isEmpty()) {
                    return Optional.empty();
                }
                pairs.get().forEach((name, value) -> all.add(new VolumeCondition.OfImage(name, value)));
                continue;
            }
            List<VolumeCondition> one = condition(key, filter.getValue(), version);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all.addAll(one);
        }
        return Optional.of(all);
    }

    /** Empty for a key that no volume has. */
    private static List<VolumeCondition> condition(String key, String value, ApiVersion version) {
        if (key.endsWith("~")) {
            return constant(VolumeCondition.Text.class, key.replaceFirst("~+$", ""))
                    .map(column -> List.<VolumeCondition>of(new VolumeCondition.Contains(column, value)))
                    .orElseThrow(() -> HttpFault.badRequest("Volumes cannot be filtered by " + key + " here."));
        }
        if (key.equals("cluster_name")) {
            return List.of(new VolumeCondition.OfCluster(value));
        }
        if (key.equals("size")) {
            return List.of(FilterText.size(value));
        }
        Optional<VolumeCondition.Time> time = constant(VolumeCondition.Time.class, key);
        if (time.isPresent()) {
            return FilterText.times(time.get(), value);
        }
        return constant(VolumeCondition.Flag.class, key)
                .map(column -> FilterText.flag(column, value, version.atLeast(3, 2)))
                .or(() -> constant(VolumeCondition.Text.class, key).map(column -> FilterText.text(column, value)))
                .map(List::of)
                .orElse(List.of());
    }

    private static <E extends Enum<E>> Optional<E> constant(Class<E> type, String key) {
        return Arrays.stream(type.getEnumConstants())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(key))
                .findFirst();
    }

    /** The key that the API calls so. */
    private static Optional<VolumeFilter.Key> key(String name) {
        return constant(VolumeFilter.Key.class, name.equals("display_name") ? "name" : name);
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

    /** Empty if it is no dict of texts: then nothing matches. */
    private static Optional<Map<String, String>> metadata(Map<String, String> filters) {
        String value = filters.get("metadata");
        return value == null ? Optional.of(Map.of()) : PythonLiteral.dict(value);
    }
}
