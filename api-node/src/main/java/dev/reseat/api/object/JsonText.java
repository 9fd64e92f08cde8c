package dev.reseat.api.object;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Values as the JSON text that columns hold, and back. */
public final class JsonText {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private JsonText() {}

    public static String of(Object value) {
        return JSON.writeValueAsString(value);
    }

    /** @throws IllegalArgumentException if the text is not a JSON object; the message does not show it */
    public static Map<String, Object> map(String text) {
        return read(text, new TypeReference<>() {});
    }

    /** @throws IllegalArgumentException if the text does not fit the type; the message does not show it */
    public static <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("stored JSON is not a " + type.getSimpleName(), e);
        }
    }

    private static Map<String, Object> read(String text, TypeReference<Map<String, Object>> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("stored JSON is not an object", e);
        }
    }
}
