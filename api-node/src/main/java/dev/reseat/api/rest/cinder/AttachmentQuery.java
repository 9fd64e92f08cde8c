package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.AttachmentFilter;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Query;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the query of an attachment list into a filter. Follows {@code cinder.api.v3.attachments}. */
final class AttachmentQuery {
    private static final Set<String> PUBLIC = Set.of("volume_id", "status", "instance_id", "attach_status");
    private static final Set<String> SERVED =
            Set.of("volume_id", "status", "instance_id", "instance_uuid", "attach_status", "attached_host", "id");

    private AttachmentQuery() {}

    /** The filter; empty if nothing can match: that is what upstream makes of filters it does not know. */
    static Optional<AttachmentFilter> of(Exchange exchange) {
        Query query = exchange.query();
        Map<String, String> filters = ListQuery.filters(query);
        boolean admin = exchange.context().isAdmin();
        boolean everyProject = admin && filters.containsKey("all_tenants");
        filters.remove("all_tenants");
        if (!admin) {
            keepPublic(exchange, filters);
        }
        if (!SERVED.containsAll(filters.keySet())) {
            return Optional.empty();
        }
        Optional<String> own = Optional.of(exchange.context().projectId().orElse(""));
        return Optional.of(new AttachmentFilter(
                everyProject ? Optional.empty() : own,
                first(filters, "volume_id", "volume_id"),
                first(filters, "instance_id", "instance_uuid"),
                first(filters, "attach_status", "status"),
                first(filters, "attached_host", "attached_host"),
                first(filters, "id", "id").map(Set::of).orElse(Set.of()),
                ListQuery.sort(query, AttachmentQuery::key),
                ListQuery.page(query, exchange.maxLimit())));
    }

    private static void keepPublic(Exchange exchange, Map<String, String> filters) {
        List<String> others = filters.keySet().stream().filter(key -> !PUBLIC.contains(key)).toList();
        if (!others.isEmpty() && exchange.version().atLeast(3, 31)) {
            throw HttpFault.badRequest("Invalid filters " + String.join(",", others) + " are found in query options.");
        }
        others.forEach(filters::remove);
    }

    private static Optional<String> first(Map<String, String> filters, String key, String otherKey) {
        return Optional.ofNullable(filters.get(key)).or(() -> Optional.ofNullable(filters.get(otherKey)));
    }

    private static Optional<AttachmentFilter.Key> key(String name) {
        return Arrays.stream(AttachmentFilter.Key.values())
                .filter(key -> key.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
