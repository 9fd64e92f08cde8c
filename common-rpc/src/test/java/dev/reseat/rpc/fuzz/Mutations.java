package dev.reseat.rpc.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reseat.rpc.envelope.GoldenMessages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes recorded messages, the same way for the same seed: their keys and values, or their bytes. Used by one thread.
 */
final class Mutations {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> KEYS = List.of("method", "args", "namespace", "version", "_msg_id", "_reply_q",
            "_timeout", "_unique_id", "_context_", "_context_roles", "result", "failure", "ending", "oslo.message", "");
    private static final List<String> ODD = List.of("null", "true", "false", "0", "-1", "1e999", "-1e-999", "0.1",
            "99999999999999999999", "NaN", "Infinity", "-Infinity", "\"\"", "\" \"", "\"\\ud800\"", "\"\\u0000\"",
            "\"2.0\"", "\"{}\"", "\"[]\"", "\"null\"", "{}", "[]", "[[]]", "{\"\":{}}", "[null]", "{\"class\":[]}",
            "\"{\\\"class\\\": 5, \\\"args\\\": {}, \\\"kwargs\\\": [], \\\"message\\\": null}\"", "x", "'a'", "+1",
            "01");

    private final SplittableRandom random;
    private final JsonValues values;
    private final List<byte[]> golden = List.copyOf(GoldenMessages.all().values());

    Mutations(long seed) {
        this.random = new SplittableRandom(seed);
        this.values = new JsonValues(seed);
    }

    byte[] next() {
        byte[] message = golden.get(random.nextInt(golden.size()));
        return random.nextBoolean() ? structure(message) : bytes(message);
    }

    /** Keys go, come, come twice, or have another value; each value as JSON text, so that it may also be none. */
    private byte[] structure(byte[] message) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        GoldenMessages.inner(message).forEach((key, value) -> fields.add(Map.entry(key, text(value))));
        for (int i = 1 + random.nextInt(3); i > 0 && !fields.isEmpty(); i--) {
            int at = random.nextInt(fields.size());
            switch (random.nextInt(4)) {
                case 0 -> fields.remove(at);
                case 1 -> fields.set(at, Map.entry(fields.get(at).getKey(), odd()));
                case 2 -> fields.add(at, Map.entry(KEYS.get(random.nextInt(KEYS.size())), odd()));
                default -> fields.add(fields.get(at));
            }
        }
        String inner = fields.stream()
                .map(field -> text(field.getKey()) + ": " + field.getValue())
                .collect(Collectors.joining(", ", "{", random.nextInt(20) == 0 ? "" : "}"));
        return random.nextInt(4) == 0 ? inner.getBytes(UTF_8) : enveloped(inner);
    }

    private byte[] enveloped(String inner) {
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("oslo.version", random.nextInt(20) == 0 ? values.next() : "2.0");
        outer.put("oslo.message", random.nextInt(20) == 0 ? values.next() : inner);
        return JSON.writeValueAsBytes(outer);
    }

    private String odd() {
        return random.nextBoolean() ? ODD.get(random.nextInt(ODD.size())) : text(values.next());
    }

    private static String text(Object value) {
        return JSON.writeValueAsString(value);
    }

    private byte[] bytes(byte[] message) {
        byte[] changed = message.clone();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            int at = random.nextInt(changed.length);
            changed[at] = random.nextBoolean()
                    ? (byte) random.nextInt(256)
                    : (byte) "{}[]\":,\\0eEu-+.".charAt(random.nextInt(15));
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(changed.length) : changed.length;
        return Arrays.copyOf(changed, length);
    }
}
