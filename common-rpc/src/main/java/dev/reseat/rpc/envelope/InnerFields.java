package dev.reseat.rpc.envelope;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The keys of one inner message, in whatever order they came, and what Python makes of them. Used by one thread. */
final class InnerFields {
    private static final String BUILTINS = "builtins";
    private static final int LONGEST_NAME = 255; // of an AMQP short string
    private static final int USUAL_FIELDS = 8;

    private final Map<String, Object> context = new LinkedHashMap<>();
    /** A string is here as String, anything else as RawJson. Of a key that is there twice the last one counts. */
    private final Map<String, Object> fields = HashMap.newHashMap(USUAL_FIELDS);

    void putContext(String key, Object value) {
        context.put(key, value);
    }

    /** A key whose value is a string. */
    void putText(String key, String value) {
        fields.put(key, value);
    }

    void put(String key, RawJson value) {
        fields.put(key, value);
    }

    boolean isReply() {
        return !has(WireNames.METHOD)
                && (has(WireNames.RESULT) || has(WireNames.FAILURE))
                && has(WireNames.MSG_ID);
    }

    Message reply(JsonMapper mapper) {
        return new Message.Reply(
                callId().orElseThrow(() -> new MalformedMessage("_msg_id is no string")),
                raw(WireNames.RESULT, RawJson.NULL),
                FailureJson.read(mapper, raw(WireNames.FAILURE, RawJson.NULL)),
                raw(WireNames.ENDING, RawJson.NULL).text().equals("true"));
    }

    Message request() {
        return new Message.Request(
                text(WireNames.METHOD).orElse(""),
                textOrJson(WireNames.NAMESPACE),
                has(WireNames.VERSION) ? textOrJson(WireNames.VERSION) : Optional.of("1.0"),
                raw(WireNames.ARGS, RawJson.EMPTY_OBJECT),
                RequestContext.owning(context),
                callId().map(id -> new Message.ReplyTo(id, replyQueue(), monitorSeconds())),
                text(WireNames.UNIQUE_ID),
                new Message.Defects(versionDefect(), methodDefect(), argsDefect()));
    }

    private boolean has(String key) {
        return fields.containsKey(key);
    }

    private Optional<String> text(String key) {
        return fields.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private RawJson raw(String key, RawJson otherwise) {
        return fields.get(key) instanceof RawJson json ? json : otherwise;
    }

    private Optional<CallId> callId() {
        return text(WireNames.MSG_ID).filter(id -> !id.isBlank()).map(CallId::new);
    }

    /** A name that no queue can have is none: the method runs, the answer goes nowhere. */
    private Optional<String> replyQueue() {
        return text(WireNames.REPLY_QUEUE)
                .filter(queue -> !queue.isBlank() && queue.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME);
    }

    /** What is no string is looked at only as text: no endpoint has such a namespace, a failure names it. */
    private Optional<String> textOrJson(String key) {
        RawJson other = raw(key, RawJson.NULL);
        return other.isNull() ? text(key) : Optional.of(other.text());
    }

    private Optional<Failure> versionDefect() {
        return raw(WireNames.VERSION, RawJson.NULL).isNull()
                ? Optional.empty()
                : Optional.of(Failure.of(BUILTINS, "AttributeError", "version is not a string"));
    }

    private Optional<Failure> methodDefect() {
        return fields.get(WireNames.METHOD) instanceof String
                ? Optional.empty()
                : Optional.of(Failure.of(BUILTINS, "TypeError", "the message names no method"));
    }

    private Optional<Failure> argsDefect() {
        boolean isObject = !(fields.get(WireNames.ARGS) instanceof String)
                && raw(WireNames.ARGS, RawJson.EMPTY_OBJECT).isObject();
        return isObject
                ? Optional.empty()
                : Optional.of(Failure.of(BUILTINS, "AttributeError", "args is not an object"));
    }

    /** 0 for what Python's {@code int()} refuses: such a caller gets no heartbeats. */
    private int monitorSeconds() {
        try {
            Optional<String> text = text(WireNames.MONITOR_TIMEOUT);
            RawJson other = raw(WireNames.MONITOR_TIMEOUT, RawJson.NULL);
            if (text.isPresent()) {
                return Integer.parseInt(text.get().strip());
            }
            return other.isNull() ? 0 : (int) Double.parseDouble(other.text());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
