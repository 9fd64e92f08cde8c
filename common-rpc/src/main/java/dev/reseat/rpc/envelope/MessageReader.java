package dev.reseat.rpc.envelope;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a message in one pass over its text. Tolerates what a Python server tolerates, and answers what a Python server
 * answers.
 */
final class MessageReader {
    private static final int MOST_CONTEXT_KEYS = 256;

    private final JsonMapper mapper;
    private final Map<String, String> contextKeys = new ConcurrentHashMap<>();
    private final ObjectReader values; // one value out of a document

    MessageReader(JsonMapper mapper) {
        this.mapper = mapper;
        this.values = mapper.readerFor(Object.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    Message read(byte[] body) {
        Optional<ByteBuffer> plain = PlainEnvelope.inner(body);
        return plain.isPresent() ? inner(plain.get()) : parsed(body);
    }

    private Message parsed(byte[] body) {
        String version = null;
        String unread = null;
        Message message = null;
        try (JsonParser json = mapper.createParser(body)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "message is not a JSON object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (name.equals(WireNames.ENVELOPE_VERSION)) {
                    require(value == JsonToken.VALUE_STRING, "oslo.version is not a string");
                    version = json.getString();
                } else if (!name.equals(WireNames.ENVELOPE_MESSAGE)) {
                    json.skipChildren();
                } else {
                    require(value == JsonToken.VALUE_STRING, "oslo.message is not a string");
                    // as it is unescaped, without a copy; only a sender that writes the version last costs one
                    boolean now = isSupported(version);
                    message = now
                            ? inner(json.getStringCharacters(), json.getStringOffset(), json.getStringLength())
                            : null;
                    unread = now ? null : json.getString();
                }
            }
            require(json.nextToken() == null, "message has a second JSON value");
        }
        if (version == null || (message == null && unread == null)) {
            return inner(new String(body, StandardCharsets.UTF_8)); // envelope version 1: none at all
        }
        require(isSupported(version), "unsupported envelope version");
        return message != null ? message : inner(unread);
    }

    /** The inner text of an envelope that was read as a whole. */
    static String inner(Map<?, ?> envelope) {
        require(isSupported(String.valueOf(envelope.get(WireNames.ENVELOPE_VERSION))), "unsupported envelope version");
        require(envelope.get(WireNames.ENVELOPE_MESSAGE) instanceof String, "oslo.message is not a string");
        return String.valueOf(envelope.get(WireNames.ENVELOPE_MESSAGE));
    }

    private static boolean isSupported(String version) {
        return "2.0".equals(version) || "2.0.0".equals(version);
    }

    private Message inner(String text) {
        char[] characters = text.toCharArray();
        return inner(characters, 0, characters.length);
    }

    private Message inner(char[] text, int offset, int length) {
        try (JsonParser json = mapper.createParser(text, offset, length)) {
            return inner(json, (start, end) -> {
                int first = (int) start.getCharOffset();
                return RawJson.of(new String(text, offset + first, (int) end.getCharOffset() - first));
            });
        }
    }

    private Message inner(ByteBuffer ascii) {
        try (JsonParser json = mapper.createParser(ascii.array(), ascii.arrayOffset(), ascii.limit())) {
            return inner(json, (start, end) -> {
                int first = (int) start.getByteOffset();
                return RawJson.of(ascii.slice(first, (int) end.getByteOffset() - first));
            });
        }
    }

    private Message inner(JsonParser json, Slices text) {
        var fields = new InnerFields();
        require(json.nextToken() == JsonToken.START_OBJECT, "oslo.message is not a JSON object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (name.startsWith(WireNames.CONTEXT_PREFIX)) {
                fields.putContext(contextKey(name), plain(json, token));
            } else if (token == JsonToken.VALUE_STRING && !name.equals(WireNames.FAILURE)
                    && !name.equals(WireNames.RESULT)) {
                fields.putText(name, json.getString());
            } else {
                fields.put(name, raw(json, token, text));
            }
        }
        require(json.nextToken() == null, "oslo.message holds a second JSON value");
        return fields.isReply() ? fields.reply(mapper) : fields.request();
    }

    /** Contexts have the same keys again and again. */
    private String contextKey(String name) {
        String known = contextKeys.get(name);
        if (known != null) {
            return known;
        }
        String key = name.substring(WireNames.CONTEXT_PREFIX.length());
        if (contextKeys.size() < MOST_CONTEXT_KEYS) { // the wire must not fill our memory
            contextKeys.put(name, key);
        }
        return key;
    }

    private Object plain(JsonParser json, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> json.getString();
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> values.<Object>readValue(json);
        };
    }

    private static RawJson raw(JsonParser json, JsonToken token, Slices text) {
        if (token == JsonToken.VALUE_NULL) {
            return RawJson.NULL;
        }
        var start = json.currentTokenLocation();
        if (token == JsonToken.VALUE_STRING) {
            String string = json.getString();
            return text.between(start, json.currentLocation()).withString(string);
        }
        json.skipChildren();
        json.finishToken();
        return text.between(start, json.currentLocation());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new MalformedMessage(otherwise);
        }
    }

    /** Parts of the text that is parsed. */
    @FunctionalInterface
    private interface Slices {
        RawJson between(TokenStreamLocation start, TokenStreamLocation end);
    }
}
