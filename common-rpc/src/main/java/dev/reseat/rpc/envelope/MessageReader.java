package dev.reseat.rpc.envelope;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a message in one pass over its text. Tolerates what a Python server tolerates, and answers what a Python server
 * answers.
 */
final class MessageReader {
    private static final String BUILTINS = "builtins";

    private final JsonMapper mapper;
    private final ObjectReader values; // one value out of a document

    MessageReader(JsonMapper mapper) {
        this.mapper = mapper;
        this.values = mapper.readerFor(Object.class).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    Message read(byte[] body) {
        String version = null;
        String message = null;
        try (JsonParser json = mapper.createParser(body)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "message is not a JSON object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case WireNames.ENVELOPE_VERSION -> {
                        require(json.currentToken() == JsonToken.VALUE_STRING, "oslo.version is not a string");
                        version = json.getString();
                    }
                    case WireNames.ENVELOPE_MESSAGE -> {
                        require(json.currentToken() == JsonToken.VALUE_STRING, "oslo.message is not a string");
                        message = json.getString();
                    }
                    default -> json.skipChildren();
                }
            }
            require(json.nextToken() == null, "message has a second JSON value");
        }
        if (version == null || message == null) {
            return inner(new String(body, StandardCharsets.UTF_8)); // envelope version 1: none at all
        }
        require(version.equals("2.0") || version.equals("2.0.0"), "unsupported envelope version " + version);
        return inner(message);
    }

    private Message inner(String text) {
        var fields = new Fields();
        try (JsonParser json = mapper.createParser(text)) {
            require(json.nextToken() == JsonToken.START_OBJECT, "oslo.message is not a JSON object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.startsWith(WireNames.CONTEXT_PREFIX)) {
                    fields.context.put(
                            name.substring(WireNames.CONTEXT_PREFIX.length()), values.<Object>readValue(json));
                } else {
                    fields.values.put(name, raw(json, text));
                }
            }
            require(json.nextToken() == null, "oslo.message holds a second JSON value");
        }
        return fields.isReply() ? fields.reply(mapper) : fields.request();
    }

    private static RawJson raw(JsonParser json, String text) {
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        json.finishToken();
        return new RawJson(text.substring(start, (int) json.currentLocation().getCharOffset()));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new MalformedMessage(otherwise);
        }
    }

    /** The keys of one inner message, in whatever order they came. */
    private final class Fields {
        private final Map<String, Object> context = new LinkedHashMap<>();
        private final Map<String, RawJson> values = new LinkedHashMap<>();

        boolean isReply() {
            return !values.containsKey(WireNames.METHOD)
                    && (values.containsKey(WireNames.RESULT) || values.containsKey(WireNames.FAILURE))
                    && values.containsKey(WireNames.MSG_ID);
        }

        Message reply(JsonMapper mapper) {
            return new Message.Reply(
                    callId().orElseThrow(() -> new MalformedMessage("_msg_id is no string")),
                    values.getOrDefault(WireNames.RESULT, RawJson.NULL),
                    FailureJson.read(mapper, values.getOrDefault(WireNames.FAILURE, RawJson.NULL)),
                    "true".equals(values.getOrDefault(WireNames.ENDING, RawJson.NULL).text()));
        }

        Message request() {
            return new Message.Request(
                    text(WireNames.METHOD).orElse(""),
                    textOrJson(WireNames.NAMESPACE),
                    values.containsKey(WireNames.VERSION) ? textOrJson(WireNames.VERSION) : Optional.of("1.0"),
                    values.getOrDefault(WireNames.ARGS, RawJson.EMPTY_OBJECT),
                    new RequestContext(context),
                    callId().map(id -> new Message.ReplyTo(id, replyQueue(), monitorSeconds())),
                    text(WireNames.UNIQUE_ID),
                    new Message.Defects(versionDefect(), methodDefect(), argsDefect()));
        }

        private Optional<CallId> callId() {
            return text(WireNames.MSG_ID).filter(id -> !id.isBlank()).map(CallId::new);
        }

        private Optional<String> replyQueue() {
            return text(WireNames.REPLY_QUEUE).filter(queue -> !queue.isBlank());
        }

        /** What is no string is looked at only as text: no endpoint has such a namespace, a failure names it. */
        private Optional<String> textOrJson(String name) {
            RawJson value = values.getOrDefault(name, RawJson.NULL);
            return value.isNull() ? Optional.empty() : text(name).or(() -> Optional.of(value.text()));
        }

        private Optional<Failure> versionDefect() {
            RawJson version = values.getOrDefault(WireNames.VERSION, RawJson.NULL);
            return version.isNull() || text(WireNames.VERSION).isPresent()
                    ? Optional.empty()
                    : Optional.of(Failure.of(BUILTINS, "AttributeError", "version is not a string"));
        }

        private Optional<Failure> methodDefect() {
            return text(WireNames.METHOD).isPresent()
                    ? Optional.empty()
                    : Optional.of(Failure.of(BUILTINS, "TypeError", "the message names no method"));
        }

        private Optional<Failure> argsDefect() {
            return values.getOrDefault(WireNames.ARGS, RawJson.EMPTY_OBJECT).text().startsWith("{")
                    ? Optional.empty()
                    : Optional.of(Failure.of(BUILTINS, "AttributeError", "args is not an object"));
        }

        /** 0 for what Python's {@code int()} refuses: such a caller gets no heartbeats. */
        private int monitorSeconds() {
            RawJson value = values.getOrDefault(WireNames.MONITOR_TIMEOUT, RawJson.NULL);
            try {
                Optional<String> text = text(WireNames.MONITOR_TIMEOUT);
                return text.isPresent()
                        ? Integer.parseInt(text.get().strip())
                        : (int) Double.parseDouble(value.text());
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        private Optional<String> text(String name) {
            RawJson value = values.getOrDefault(name, RawJson.NULL);
            return value.text().startsWith("\"")
                    ? Optional.of(mapper.readValue(value.text(), String.class))
                    : Optional.empty();
        }
    }
}
