package dev.reseat.api.object;

import dev.reseat.contract.Secrets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a text column that should hold a JSON object holds. A column can be damaged: cut off, written as Python prints a
 * dict, emptied. Such a value is neither an object nor the absence of one, so no decision may read it as either.
 */
public sealed interface StoredObject {
    /** As it should be. */
    record Intact(Map<String, Object> values) implements StoredObject {
        /** It may be a secret. */
        @Override
        public String toString() {
            return "Intact";
        }
    }

    /**
     * There is something, and it is no JSON object.
     *
     * @param problem what is wrong, in words that show nothing of the text
     * @param text as it is stored; may be a secret
     */
    record Damaged(String problem, String text) implements StoredObject {
        /** What stands in the place of the object, where one is shown. */
        @Override
        public Map<String, Object> shown() {
            return withText(Secrets.maskedText(text));
        }

        /** The same for who may see secrets. */
        @Override
        public Map<String, Object> shownWithSecrets() {
            return withText(text);
        }

        private Map<String, Object> withText(String stored) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put(DAMAGED, problem);
            shown.put("stored", stored);
            return shown;
        }

        @Override
        public String toString() {
            return "Damaged[" + problem + "]";
        }
    }

    /** The key under which a damaged value says what is wrong with it. */
    String DAMAGED = "damaged";

    static StoredObject of(String text) {
        if (text.isBlank()) {
            return new Damaged("the stored text is empty", text);
        }
        try {
            Object value = Reading.JSON.readValue(text, Object.class);
            if (!(value instanceof Map<?, ?>)) {
                return new Damaged(value == null
                        ? "it is the JSON value null, not an object"
                        : "it is JSON, but not an object", text);
            }
            return new Intact(Reading.JSON.convertValue(value, new TypeReference<LinkedHashMap<String, Object>>() {}));
        } catch (UnexpectedEndOfInputException cutOff) {
            return new Damaged("it is cut off after " + text.length() + " characters", text);
        } catch (JacksonException notJson) {
            return new Damaged(Reading.problem(text, notJson), text);
        }
    }

    /** The object; empty if there is none to be read. */
    default Optional<Map<String, Object>> intact() {
        return this instanceof Intact(Map<String, Object> values) ? Optional.of(values) : Optional.empty();
    }

    /** Masked, or what is wrong. */
    default Map<String, Object> shown() {
        return switch (this) {
            case Intact(Map<String, Object> values) -> Secrets.masked(values);
            case Damaged damaged -> damaged.shown();
        };
    }

    /** With its secrets, or what is wrong. For administrators who have asked for it. */
    default Map<String, Object> shownWithSecrets() {
        return switch (this) {
            case Intact(Map<String, Object> values) -> values;
            case Damaged damaged -> damaged.shownWithSecrets();
        };
    }

    /** How it is read. */
    final class Reading {
        private static final JsonMapper JSON = JsonMapper.shared();

        private Reading() {}

        private static String problem(String text, JacksonException notJson) {
            String start = text.stripLeading();
            String where = notJson.getLocation() == null
                    ? ""
                    : ", from line " + notJson.getLocation().getLineNr() + ", column "
                            + notJson.getLocation().getColumnNr() + " on";
            return start.startsWith("{'") || start.startsWith("{u'")
                    ? "it is a dict as Python prints it, not JSON"
                    : "it is not JSON" + where;
        }
    }
}
