package dev.reseat.rpc.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The messages that {@code golden/record_messages.py} has recorded from the real oslo.messaging. */
public final class GoldenMessages {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII) // a half of a surrogate pair can be written so
            .build();
    private static final String INNER = "oslo.message";

    private GoldenMessages() {}

    /** Every message by its name. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> messages = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                messages.put(file.getFileName().toString().replace(".json", ""), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }

    public static byte[] named(String name) {
        try {
            return Files.readAllBytes(folder().resolve(name + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The inner message, whatever its text, in an envelope. */
    public static byte[] enveloped(String inner) {
        return JSON.writeValueAsBytes(Map.of("oslo.version", "2.0", INNER, inner));
    }

    private static Path folder() {
        try {
            return Path.of(GoldenMessages.class.getResource("/golden/messages").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The one way to write a message: keys sorted, inside and outside and in the failure, and what is new in every
     * message replaced. The traceback of a failure, which we send empty on purpose, is left out.
     */
    public static String canonical(byte[] body) {
        Map<String, Object> outer = object(new String(body, UTF_8));
        if (outer.get(INNER) instanceof String text) {
            outer.put(INNER, JSON.writeValueAsString(withoutIds(object(text))));
            return JSON.writeValueAsString(outer);
        }
        return JSON.writeValueAsString(withoutIds(outer));
    }

    /** The inner message. */
    public static Map<String, Object> inner(byte[] body) {
        Map<String, Object> outer = object(new String(body, UTF_8));
        return outer.get(INNER) instanceof String text ? object(text) : outer;
    }

    private static Map<String, Object> withoutIds(Map<String, Object> inner) {
        for (String key : List.of("_unique_id", "_msg_id")) {
            inner.computeIfPresent(key, (_, id) -> ((String) id).replaceAll("^[0-9a-f]{32}$", "32 digits"));
        }
        inner.computeIfPresent("_reply_q", (_, queue) -> ((String) queue).replaceAll("^reply_[0-9a-f]{32}$", "queue"));
        if (inner.get("failure") instanceof String text) {
            Map<String, Object> failure = object(text);
            failure.put("tb", List.of());
            inner.put("failure", JSON.writeValueAsString(failure));
        }
        return inner;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String text) {
        return new TreeMap<>((Map<String, Object>) JSON.readValue(text, Map.class));
    }
}
