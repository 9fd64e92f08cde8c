package dev.reseat.api.rest.passthrough;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the body of a volume's action asks for. */
enum Meaning {
    /** {@code os-reset_status}: ours. */
    RESET,
    /** Cinder's. */
    OTHER,
    /** Two readers could read it differently, or none at all; nobody's. */
    AMBIGUOUS;

    /** Takes what Python's json module takes, but no key twice. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static Meaning of(byte[] body) {
        if (body.length == 0) {
            return OTHER;
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            JsonNode read = JSON.readerFor(JsonNode.class)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(text);
            if (!read.isObject()) {
                return OTHER;
            }
            return read.size() != 1 ? AMBIGUOUS : read.has("os-reset_status") ? RESET : OTHER;
        } catch (CharacterCodingException | JacksonException _) {
            return AMBIGUOUS;
        }
    }
}
