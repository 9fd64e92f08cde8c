package dev.reseat.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hides what must not be shown: CHAP and NVMe secrets, keyrings, tokens and passwords inside connection_info, connectors
 * and the like. The order of keys and everything that is no secret stay as they were; masking twice changes nothing
 * more. Safe for use by many threads.
 *
 * <p>The keys are those of {@code oslo_utils.strutils.mask_dict_password} that can occur here, and the ones storage
 * protocols add. Unlike it, lists, JSON held in text, and passwords inside URLs are masked too.
 */
public final class Secrets {
    /** What stands in for a secret. */
    public static final String MASK = "***";

    private static final List<String> KEYS = List.of(
            "password",
            "passphrase",
            "passwd",
            "adminpass",
            "admin_pass",
            "new_pass",
            "sys_pswd",
            "secret",
            "token",
            "keyring",
            "credential",
            "dhchap",
            "encrypted_key",
            "private_key",
            "access_key",
            "api_key",
            "sslkey",
            "fernetkey",
            "cephclientkey",
            "cephadminkey");
    private static final Pattern URL_PASSWORD = Pattern.compile("(\\w+://[^\\s:/@]*:)[^\\s@/]+(@)");
    private static final JsonMapper JSON = JsonMapper.shared();

    private Secrets() {}

    /** Whether values under this key are secret, whatever they are. */
    public static boolean isSecret(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return KEYS.stream().anyMatch(lower::contains);
    }

    /** A copy that may be shown. */
    public static Map<String, Object> masked(Map<String, ?> values) {
        Map<String, Object> shown = new LinkedHashMap<>();
        values.forEach((key, value) -> shown.put(key, isSecret(key) && value != null ? MASK : maskedValue(value)));
        return shown;
    }

    /** JSON text that may be shown: an object or a list masked inside, anything that is not JSON masked as a whole. */
    public static String maskedJson(String json) {
        try {
            return JSON.writeValueAsString(maskedValue(JSON.readValue(json, Object.class)));
        } catch (JacksonException notJson) {
            return MASK;
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
            case List<?> list -> list.stream().map(Secrets::maskedValue).toList();
            case String text -> maskedText(text);
            default -> value;
        };
    }

    private static String maskedText(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("{") || trimmed.startsWith("[{")) {
            return maskedJson(text);
        }
        return URL_PASSWORD.matcher(text).replaceAll("$1" + MASK + "$2");
    }
}
