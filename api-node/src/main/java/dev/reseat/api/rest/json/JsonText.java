package dev.reseat.api.rest.json;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;

/** JSON that is kept as text in a column. */
final class JsonText {
    private JsonText() {}

    /** The object in the text; empty if there is none, which is how upstream reads a broken column too. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        try {
            Object value = RestJson.mapper().readValue(text, Object.class);
            return value instanceof Map<?, ?> map ? (Map<String, Object>) map : new LinkedHashMap<>();
        } catch (JacksonException broken) {
            return new LinkedHashMap<>();
        }
    }
}
