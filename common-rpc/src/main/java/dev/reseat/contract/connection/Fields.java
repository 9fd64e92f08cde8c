package dev.reseat.contract.connection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries of a document by key, of the kinds they have to be. Failures name the key only. */
final class Fields {
    private final Map<String, Object> values;

    Fields(Map<String, Object> values) {
        this.values = values;
    }

    Fields inside(String key, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new MalformedConnection(key + " is no object");
        }
        Map<String, Object> items = new LinkedHashMap<>();
        map.forEach((name, item) -> items.put(String.valueOf(name), item));
        return new Fields(items);
    }

    Set<String> keys() {
        return values.keySet();
    }

    /** Empty if it is missing, null or blank. */
    Optional<String> text(String key) {
        return find(key).map(value -> value instanceof String text ? text : text(key, value))
                .filter(text -> !text.isBlank());
    }

    String required(String key) {
        return text(key).orElseThrow(() -> new MalformedConnection(key + " is missing"));
    }

    Optional<Integer> integer(String key) {
        return find(key).map(value -> integer(key, value));
    }

    /** Empty if it is missing or null. */
    List<Object> list(String key) {
        return find(key).map(value -> {
            if (!(value instanceof List<?> list)) {
                throw new MalformedConnection(key + " is no list");
            }
            return Collections.<Object>unmodifiableList(new ArrayList<>(list)); // may hold nulls
        }).orElse(List.of());
    }

    List<Object> listOrOne(String key) {
        return find(key).filter(value -> !(value instanceof List)).map(List::of).orElseGet(() -> list(key));
    }

    static String text(String key, Object value) {
        if (!(value instanceof String text) || text.isBlank()) {
            throw new MalformedConnection(key + " is no text");
        }
        return text;
    }

    private Optional<Object> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** A number, or a text of digits: drivers give both. */
    static int integer(String key, Object value) {
        try {
            return value instanceof Number number && number.doubleValue() == number.intValue()
                    ? number.intValue()
                    : Integer.parseInt(String.valueOf(value).strip());
        } catch (NumberFormatException e) {
            throw new MalformedConnection(key + " is no number");
        }
    }
}
