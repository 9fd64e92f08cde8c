package dev.reseat.rpc.envelope;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads oslo.messaging's envelope 2.0: an outer JSON object whose {@code oslo.message} is the inner JSON
 * object as a string. A bare inner object (envelope version 1) is read too. Written and read in one pass, without a
 * tree. Thread-safe.
 */
public final class EnvelopeCodec {
    private final JsonMapper mapper;
    private final MessageReader reader;
    private final FieldNames names;
    private final FieldNames contextNames;
    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();

    /** @param mapper how arguments and results are written and read, versioned objects included */
    public EnvelopeCodec(JsonMapper mapper) {
        this.mapper = mapper;
        this.reader = new MessageReader(mapper);
        this.names = new FieldNames(mapper, "");
        this.contextNames = new FieldNames(mapper, WireNames.CONTEXT_PREFIX);
    }

    /**
     * A call or cast.
     *
     * @param args an object of keyword arguments: a record or a map
     * @param reply empty for a cast
     */
    public byte[] request(
            Target target, String method, Object args, RequestContext context, Optional<Message.ReplyTo> reply) {
        var inner = new InnerOutput(mapper);
        inner.field(names.written(WireNames.METHOD), method);
        inner.field(names.written(WireNames.ARGS), args);
        target.namespace().ifPresent(name -> inner.field(names.written(WireNames.NAMESPACE), name));
        inner.field(names.written(WireNames.VERSION), target.version().toString());
        reply.ifPresent(to -> writeReplyTo(inner, to));
        inner.field(names.written(WireNames.UNIQUE_ID), CallId.random().value());
        context.values().forEach((key, value) -> inner.field(contextNames.written(key), value));
        return inner.finish();
    }

    public byte[] result(CallId id, Object result) {
        return reply(id, result, Optional.empty(), true);
    }

    public byte[] failure(CallId id, Failure failure) {
        return reply(id, null, Optional.of(failure), true);
    }

    /** The sign of life of a call that still runs. */
    public byte[] heartbeat(CallId id) {
        return reply(id, null, Optional.empty(), false);
    }

    /** A notification of the {@code messagingv2} driver. */
    public byte[] notification(Map<String, Object> message, RequestContext context) {
        var inner = new InnerOutput(mapper);
        notified(message, context).forEach((name, value) -> inner.field(names.written(name), value));
        return inner.finish();
    }

    /** A notification of the {@code messaging} driver: the same without an envelope. */
    public byte[] bareNotification(Map<String, Object> message, RequestContext context) {
        return mapper.writeValueAsBytes(notified(message, context));
    }

    private static Map<String, Object> notified(Map<String, Object> message, RequestContext context) {
        Map<String, Object> fields = new LinkedHashMap<>(message);
        fields.put(WireNames.UNIQUE_ID, CallId.random().value());
        context.redacted().values().forEach((key, value) -> fields.put(WireNames.CONTEXT_PREFIX + key, value));
        return fields;
    }

    private static Map<?, ?> object(Map<?, ?> read) {
        if (read == null) {
            throw new MalformedMessage("a notification is null");
        }
        return read;
    }

    /** @throws MalformedMessage if the bytes are no message of this protocol */
    public NotificationMessage readNotification(byte[] body) {
        try {
            Map<?, ?> outer = object(mapper.readValue(body, Map.class));
            boolean enveloped =
                    outer.containsKey(WireNames.ENVELOPE_VERSION) && outer.containsKey(WireNames.ENVELOPE_MESSAGE);
            return NotificationMessage
                    .of(enveloped ? object(mapper.readValue(MessageReader.inner(outer), Map.class)) : outer);
        } catch (JacksonException e) {
            throw new MalformedMessage("not the JSON of a notification" + place(e));
        }
    }

    /** @throws MalformedMessage if the bytes are no message of this protocol */
    public Message decode(byte[] body) {
        try {
            return reader.read(body);
        } catch (JacksonException e) {
            throw new MalformedMessage("not the JSON of an oslo.messaging message" + place(e));
        }
    }

    /** Where it is wrong, never what is there: messages carry secrets, and the parser quotes them. */
    private static String place(JacksonException e) {
        return Optional.ofNullable(e.getLocation())
                .map(at -> ": wrong at line " + at.getLineNr() + ", column " + at.getColumnNr())
                .orElse("");
    }

    /** @throws JacksonException if the value does not fit the type */
    public <T> T bind(RawJson value, Class<T> type) {
        if (type == String.class && value.string().isPresent()) {
            return type.cast(value.string().get());
        }
        ByteBuffer json = value.ascii();
        return readers.computeIfAbsent(type, mapper::readerFor)
                .readValue(json.array(), json.arrayOffset() + json.position(), json.remaining());
    }

    private byte[] reply(CallId id, Object result, Optional<Failure> failure, boolean ending) {
        var inner = new InnerOutput(mapper);
        inner.field(names.written(WireNames.RESULT), result);
        inner.field(names.written(WireNames.FAILURE),
                failure.map(what -> FailureJson.write(mapper, what)).orElse(null));
        inner.field(names.written(WireNames.ENDING), ending);
        inner.field(names.written(WireNames.MSG_ID), id.value());
        inner.field(names.written(WireNames.UNIQUE_ID), CallId.random().value());
        return inner.finish();
    }

    private void writeReplyTo(InnerOutput inner, Message.ReplyTo reply) {
        inner.field(names.written(WireNames.MSG_ID), reply.id().value());
        reply.queue().ifPresent(queue -> inner.field(names.written(WireNames.REPLY_QUEUE), queue));
        // a number would make the peer send heartbeats
        inner.field(names.written(WireNames.MONITOR_TIMEOUT),
                reply.monitorSeconds() > 0 ? reply.monitorSeconds() : null);
    }
}
