package dev.reseat.api.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The query of a URL. Of a key that is given twice the last value counts, as in WebOb. */
public record Query(Map<String, String> values) {
    private static final Set<String> TRUE = Set.of("1", "t", "true", "on", "y", "yes");
    private static final Set<String> FALSE = Set.of("0", "f", "false", "off", "n", "no");

    public Query {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** @throws HttpFault 400 if an escape is malformed, or a character is none that a text may have */
    static Query of(Supplier<Map<String, List<String>>> parameters) {
        Map<String, String> last = new LinkedHashMap<>();
        try {
            parameters.get().forEach((key, all) -> last.put(key, all.isEmpty() ? "" : all.getLast()));
        } catch (IllegalArgumentException notEncoded) {
            throw HttpFault.badRequest(HttpFault.MALFORMED);
        }
        last.forEach((key, value) -> {
            RequestText.check(key);
            RequestText.check(value);
        });
        return new Query(last);
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /**
     * A yes or no, as {@code oslo_utils.strutils} reads it; no if it is absent.
     *
     * @throws HttpFault 400 for anything else
     */
    public boolean flag(String key) {
        String text = values.getOrDefault(key, "false");
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
            throw HttpFault.badRequest("Value '" + text + "' for '" + key + "' is not a boolean.");
        }
        return TRUE.contains(lower);
    }

    /** The same query with one value set, as text behind a question mark. */
    public String with(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(key, value);
        return changed.entrySet()
                .stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
