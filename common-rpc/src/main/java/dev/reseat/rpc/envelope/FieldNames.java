package dev.reseat.rpc.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/** Names of fields as an envelope holds them: every message has the same two dozen. Thread-safe. */
final class FieldNames {
    private static final int MOST = 256; // a context from the wire must not fill our memory

    private final JsonMapper mapper;
    private final String prefix;
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    /** @param prefix what all of them begin with on the wire */
    FieldNames(JsonMapper mapper, String prefix) {
        this.mapper = mapper;
        this.prefix = prefix;
    }

    /** The name in its quotation marks with the colon, escaped twice. Not to be changed. */
    byte[] written(String name) {
        byte[] before = known.get(name);
        if (before != null) {
            return before;
        }
        String json = mapper.writeValueAsString(prefix + name).replace("\\", "\\\\").replace("\"", "\\\"");
        byte[] written = (json + ":").getBytes(StandardCharsets.US_ASCII);
        if (known.size() < MOST) {
            known.put(name, written);
        }
        return written;
    }
}
