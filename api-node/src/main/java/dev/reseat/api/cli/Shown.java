package dev.reseat.api.cli;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** JSON values the way OpenStack's Python clients print them. */
final class Shown {
    private Shown() {}

    /**
     * A value in a cell of its own: text as it is, {@code None}, {@code True}, and the Python form of what is nested.
     */
    static String cell(JsonNode value) {
        return value.isString() ? value.stringValue() : python(value);
    }

    /** A value inside another one: text in quotes. */
    static String python(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> "None";
            case BOOLEAN -> value.booleanValue() ? "True" : "False";
            case STRING -> quoted(value.stringValue());
            case OBJECT -> value.properties()
                    .stream()
                    .map(Shown::entry)
                    .collect(Collectors.joining(", ", "{", "}"));
            case ARRAY -> StreamSupport.stream(value.spliterator(), false)
                    .map(Shown::python)
                    .collect(Collectors.joining(", ", "[", "]"));
            case NUMBER, BINARY, POJO -> value.asString();
        };
    }

    private static String entry(Map.Entry<String, JsonNode> entry) {
        return quoted(entry.getKey()) + ": " + python(entry.getValue());
    }

    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
        return escaped.contains("'") && !escaped.contains("\"")
                ? '"' + escaped + '"'
                : "'" + escaped.replace("'", "\\'") + "'";
    }
}
