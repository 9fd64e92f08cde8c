package dev.reseat.rpc.envelope;

import dev.reseat.rpc.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code failure} of a reply: a JSON string that holds JSON. The traceback is always sent empty: Python peers put it
 * into {@code str(exception)}, and that into HTTP answers.
 */
final class FailureJson {
    private static final String REMOTE_SUFFIX = "_Remote";

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

    /** @throws MalformedMessage if the text is not a failure */
    static Failure read(JsonMapper mapper, String text) {
        try {
            JsonNode node = mapper.readTree(text);
            if (!node.isObject()) {
                throw new MalformedMessage("failure is not a JSON object");
            }
            return new Failure(
                    withoutSuffix(node.path("class").asString("")),
                    withoutSuffix(node.path("module").asString("")),
                    node.path("message").asString(""),
                    node.path("args").isArray() ? list(mapper, node.path("args")) : List.of(),
                    node.path("kwargs").isObject() ? map(mapper, node.path("kwargs")) : Map.of());
        } catch (JacksonException e) {
            throw new MalformedMessage("failure is not JSON", e);
        }
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
