package dev.reseat.rpc.envelope;

import dev.reseat.rpc.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code failure} of a reply: a JSON string that holds JSON. The traceback is always sent empty: Python peers put
 * it into {@code str(exception)}, and that into HTTP answers.
 */
final class FailureJson {
    private static final String REMOTE_SUFFIX = "_Remote";
    private static final Set<String> NOTHING = Set.of("null", "\"\"", "{}", "[]", "0", "false");
    private static final Failure UNREADABLE =
            Failure.of("dev.reseat.rpc", "UnreadableFailure", "the peer reported a failure that cannot be read");

    private FailureJson() {}

    static String write(JsonMapper mapper, Failure failure) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("class", failure.type());
        fields.put("module", failure.module());
        fields.put("message", failure.message());
        fields.put("tb", List.of());
        fields.put("args", failure.args());
        fields.put("kwargs", failure.kwargs());
        return mapper.writeValueAsString(fields);
    }

    /**
     * The failure of a reply, if it has one. That the method failed is believed even if the rest cannot be read.
     *
     * @param value the JSON of {@code failure}; what Python takes for false means that nothing failed
     */
    static Optional<Failure> read(JsonMapper mapper, RawJson value) {
        if (value.isNull() || NOTHING.contains(value.text())) {
            return Optional.empty();
        }
        try {
            JsonNode node = mapper.readTree(mapper.readValue(value.text(), String.class));
            return Optional.of(node.isObject() ? failure(mapper, node) : UNREADABLE);
        } catch (JacksonException e) {
            return Optional.of(UNREADABLE);
        }
    }

    private static Failure failure(JsonMapper mapper, JsonNode node) {
        return new Failure(
                withoutSuffix(node.path("class").asString("")),
                withoutSuffix(node.path("module").asString("")),
                node.path("message").asString(""),
                node.path("args").isArray() ? list(mapper, node.path("args")) : List.of(),
                node.path("kwargs").isObject() ? map(mapper, node.path("kwargs")) : Map.of());
    }

    private static String withoutSuffix(String name) {
        return name.endsWith(REMOTE_SUFFIX) ? name.substring(0, name.length() - REMOTE_SUFFIX.length()) : name;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(JsonMapper mapper, JsonNode node) {
        return mapper.treeToValue(node, List.class);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(JsonMapper mapper, JsonNode node) {
        return mapper.treeToValue(node, Map.class);
    }
}
