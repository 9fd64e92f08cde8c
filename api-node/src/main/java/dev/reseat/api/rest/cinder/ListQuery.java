package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Query;
import dev.reseat.api.rest.json.ResourceLink;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** The part of a list's query that says which page and in which order. Follows {@code cinder.api.common}. */
final class ListQuery {
    /** Keys that are no filters. */
    static final Set<String> KEYS = Set.of("limit", "marker", "offset", "sort", "sort_key", "sort_dir");

    private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);

    private ListQuery() {}

    static Page page(Query query, int maxLimit) {
        int limit = limit(query, maxLimit);
        return new Page(query.text("marker"), OptionalInt.of(limit), offset(query));
    }

    /**
     * The order asked for; empty for the default one.
     *
     * @param key what the API calls a sort key; empty for what is none
     */
    static <K extends Enum<K>> List<Sort<K>> sort(Query query, Function<String, Optional<K>> key) {
        if (query.has("sort") && (query.has("sort_key") || query.has("sort_dir"))) {
            throw HttpFault
                    .badRequest("The 'sort_key' and 'sort_dir' parameters are deprecated and cannot be used with "
                            + "the 'sort' parameter.");
        }
        String one = query.text("sort_key").orElse("created_at") + ":" + query.text("sort_dir").orElse("desc");
        List<Sort<K>> sort = new ArrayList<>();
        for (String part : query.text("sort").orElse(one).strip().split(",", -1)) {
            String[] words = part.split(":", 2);
            K found = key.apply(words[0].strip())
                    .orElseThrow(() -> HttpFault.badRequest("Invalid input received: Invalid sort key"));
            sort.add(new Sort<>(found, direction(words.length == 2 ? words[1].strip() : "")));
        }
        if (sort.stream().map(Sort::key).distinct().count() < sort.size()) {
            throw HttpFault.badRequest("Invalid input received: Invalid sort key");
        }
        // what is alike so far, as Cinder has it
        for (String last : List.of("created_at", "id")) {
            key.apply(last)
                    .filter(column -> sort.stream().noneMatch(by -> by.key() == column))
                    .ifPresent(column -> sort.add(new Sort<>(column, sort.getFirst().direction())));
        }
        return sort;
    }

    /**
     * Where the next page is: nowhere if this one is not full.
     *
     * @param total items on all pages if they were counted, otherwise on this one
     */
    static List<ResourceLink> next(Exchange exchange, String collection, int total, Optional<String> last) {
        Query query = exchange.query();
        if (last.isEmpty() || limit(query, exchange.maxLimit()) > total) {
            return List.of();
        }
        String url = exchange.base() + "/v3" + exchange.project() + "/" + collection;
        return List.of(new ResourceLink("next", url + "?" + query.with("marker", last.get())));
    }

    private static Sort.Direction direction(String text) {
        return switch (text) {
            case "", "desc" -> Sort.Direction.DESC;
            case "asc" -> Sort.Direction.ASC;
            default -> throw HttpFault.badRequest(
                    "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'.");
        };
    }

    private static int limit(Query query, int maxLimit) {
        if (!query.has("limit")) {
            return maxLimit;
        }
        BigInteger limit = whole(query.text("limit").orElse(""), "limit param must be an integer");
        if (limit.signum() < 0) {
            throw HttpFault.badRequest("limit param must be positive");
        }
        return limit.min(BigInteger.valueOf(maxLimit)).intValueExact();
    }

    private static int offset(Query query) {
        BigInteger offset = whole(query.text("offset").orElse("0"), "offset must be an integer");
        if (offset.signum() < 0) {
            throw HttpFault.badRequest("offset must be >= 0");
        }
        if (offset.compareTo(MOST) > 0) {
            throw HttpFault.badRequest("offset must be <= " + MOST);
        }
        return offset.intValueExact();
    }

    private static BigInteger whole(String text, String complaint) {
        String number = text.strip();
        if (!number.matches("[+-]?\\d{1,100}")) {
            throw HttpFault.badRequest(complaint);
        }
        return new BigInteger(number.startsWith("+") ? number.substring(1) : number);
    }

    /** The filters of a query. */
    static Map<String, String> filters(Query query) {
        Map<String, String> filters = new LinkedHashMap<>(query.values());
        filters.keySet().removeAll(KEYS);
        return filters;
    }
}
