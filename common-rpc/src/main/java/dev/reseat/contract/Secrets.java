package dev.reseat.contract;

import dev.reseat.runtime.SecretName;
import dev.reseat.runtime.SecretText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hides what must not be shown: CHAP and NVMe secrets, keyrings, tokens and passwords inside connection_info,
 * connectors, command lines, foreign error messages and the like. The order of keys and everything that is no secret
 * stay as they were; masking twice changes nothing more. Safe for use by many threads.
 *
 * <p>Structures are masked by the names in them ({@link SecretName}), texts by what can be read in them
 * ({@link SecretText}), JSON inside text as the structure it is.
 */
public final class Secrets {
    /** What stands in for a secret. */
    public static final String MASK = SecretText.MASK;

    private static final String KEY = "key";
    private static final String NAME = "name";
    private static final String VALUE = "value";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Secrets() {}

    /** Whether values under this key are secret, whatever they are. */
    public static boolean isSecret(String key) {
        return SecretName.isSecret(key);
    }

    /** A copy that may be shown. */
    public static Map<String, Object> masked(Map<String, ?> values) {
        boolean pair = isPair(values);
        boolean secretPair = pair && (named(values, NAME) || named(values, KEY));
        Map<String, Object> shown = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            boolean secret = isSecret(key)
                    || (!pair && KEY.equalsIgnoreCase(key) && value instanceof String)
                    || (secretPair && VALUE.equals(key));
            shown.put(key, secret && value != null ? MASK : maskedValue(value));
        });
        return shown;
    }

    /** Whether something in there was a secret and has been masked: the value cannot be used any more. */
    public static boolean isMasked(Object value) {
        return switch (value) {
            case null -> false;
            case Map<?, ?> map -> map.values().stream().anyMatch(Secrets::isMasked);
            case List<?> list -> list.stream().anyMatch(Secrets::isMasked);
            case String text -> text.contains(MASK);
            default -> false;
        };
    }

    /** Text for people as it may be shown; JSON keeps its content and loses its blanks. */
    public static String maskedText(String text) {
        String start = text.stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            try {
                Object value = JSON.readValue(text, Object.class);
                if (value instanceof Map || value instanceof List) {
                    return JSON.writeValueAsString(maskedValue(value));
                }
            } catch (JacksonException notJson) {
                return SecretText.masked(text);
            }
        }
        return SecretText.masked(text);
    }

    /** JSON text as it may be shown; what is no JSON is masked as {@link #maskedText} does. */
    public static String maskedJson(String json) {
        try {
            return JSON.writeValueAsString(maskedValue(JSON.readValue(json, Object.class)));
        } catch (JacksonException notJson) {
            return SecretText.masked(json);
        }
    }

    private static Object maskedValue(Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, Object> texts = new LinkedHashMap<>();
                map.forEach((key, item) -> texts.put(String.valueOf(key), item));
                yield masked(texts);
            }
            case List<?> list -> maskedList(list);
            case String text -> maskedText(text);
            default -> value;
        };
    }

    /**
     * Words of a command, too: {@code -n node.session.auth.password -v secret}, {@code --password secret}; and pairs.
     */
    private static List<Object> maskedList(List<?> list) {
        List<Object> shown = new ArrayList<>();
        if (list.size() == 2 && list.getFirst() instanceof String name && isSecret(name)
                && list.getLast() instanceof String) {
            return List.of(name, MASK);
        }
        for (int i = 0; i < list.size(); i++) {
            boolean argument = i > 0 && list.get(i - 1) instanceof String option && option.startsWith("--")
                    && isSecret(option);
            boolean valueOfNamed = i > 1 && list.get(i - 2) instanceof String name && isSecret(name)
                    && list.get(i - 1) instanceof String flag && flag.startsWith("-");
            boolean hidden = (argument || valueOfNamed) && list.get(i) instanceof String;
            shown.add(hidden ? MASK : maskedValue(list.get(i)));
        }
        return shown;
    }

    private static boolean isPair(Map<String, ?> values) {
        return values.containsKey(VALUE) && (values.get(NAME) instanceof String || values.get(KEY) instanceof String);
    }

    private static boolean named(Map<String, ?> values, String key) {
        return values.get(key) instanceof String name && isSecret(name);
    }
}
