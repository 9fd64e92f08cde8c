package dev.reseat.rpc.envelope;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads oslo.messaging's envelope 2.0: an outer JSON object whose {@code oslo.message} is the inner JSON
 * object as a string. A bare inner object (envelope version 1) is read too. Written and read in one pass, without a tree.
 * Thread-safe.
 */
public final class EnvelopeCodec {
    private final JsonMapper mapper;
    private final MessageReader reader;
    private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();

    /** @param mapper how arguments and results are written and read, versioned objects included */
    public EnvelopeCodec(JsonMapper mapper) {
        this.mapper = mapper;
        this.reader = new MessageReader(mapper);
    }

    /**
     * A call or cast.
     *
     * @param args an object of keyword arguments: a record or a map
     * @param reply empty for a cast
     */
    public byte[] request(
            Target target, String method, Object args, RequestContext context, Optional<Message.ReplyTo> reply) {
        return enveloped(json -> {
            json.writeStringProperty(WireNames.METHOD, method);
            json.writePOJOProperty(WireNames.ARGS, args);
            target.namespace().ifPresent(name -> json.writeStringProperty(WireNames.NAMESPACE, name));
            json.writeStringProperty(WireNames.VERSION, target.version().toString());
            reply.ifPresent(to -> writeReplyTo(json, to));
            json.writeStringProperty(WireNames.UNIQUE_ID, CallId.random().value());
            writeContext(json, context);
        });
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
        return enveloped(json -> writeNotification(json, message, context));
    }

    /** A notification of the {@code messaging} driver: the same without an envelope. */
    public byte[] bareNotification(Map<String, Object> message, RequestContext context) {
        var bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = mapper.createGenerator(bytes)) {
            json.writeStartObject();
            writeNotification(json, message, context);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static Map<?, ?> object(Map<?, ?> read) {
        if (read == null) {
            throw new MalformedMessage("a notification is null");
        }
        return read;
    }

    private static void writeNotification(JsonGenerator json, Map<String, Object> message, RequestContext context) {
        message.forEach(json::writePOJOProperty);
        json.writeStringProperty(WireNames.UNIQUE_ID, CallId.random().value());
        writeContext(json, context.redacted());
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
        return readers.computeIfAbsent(type, mapper::readerFor).readValue(value.text());
    }

    private byte[] reply(CallId id, Object result, Optional<Failure> failure, boolean ending) {
        return enveloped(json -> {
            json.writePOJOProperty(WireNames.RESULT, result);
            if (failure.isPresent()) {
                json.writeStringProperty(WireNames.FAILURE, FailureJson.write(mapper, failure.get()));
            } else {
                json.writeNullProperty(WireNames.FAILURE);
            }
            json.writeBooleanProperty(WireNames.ENDING, ending);
            json.writeStringProperty(WireNames.MSG_ID, id.value());
            json.writeStringProperty(WireNames.UNIQUE_ID, CallId.random().value());
        });
    }

    private byte[] enveloped(Consumer<JsonGenerator> inner) {
        var envelope = new EnvelopeOutput();
        try (JsonGenerator json = mapper.createGenerator(envelope)) {
            json.writeStartObject();
            inner.accept(json);
            json.writeEndObject();
        }
        return envelope.finish();
    }

    private static void writeReplyTo(JsonGenerator json, Message.ReplyTo reply) {
        json.writeStringProperty(WireNames.MSG_ID, reply.id().value());
        reply.queue().ifPresent(queue -> json.writeStringProperty(WireNames.REPLY_QUEUE, queue));
        if (reply.monitorSeconds() > 0) {
            json.writeNumberProperty(WireNames.MONITOR_TIMEOUT, reply.monitorSeconds());
        } else {
            json.writeNullProperty(WireNames.MONITOR_TIMEOUT); // a number would make the peer send heartbeats
        }
    }

    private static void writeContext(JsonGenerator json, RequestContext context) {
        context.values().forEach((key, value) -> {
            json.writeName(WireNames.CONTEXT_PREFIX + key);
            switch (value) {
                case null -> json.writeNull();
                case String text -> json.writeString(text);
                case Boolean truth -> json.writeBoolean(truth);
                default -> json.writePOJO(value);
            }
        });
    }
}
