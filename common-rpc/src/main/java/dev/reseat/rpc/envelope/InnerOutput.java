package dev.reseat.rpc.envelope;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the fields of an inner message into its envelope. There are two dozen of them, nearly all short texts, nulls
 * and truths: those go there directly, what is more than that by way of the mapper. Used by one thread.
 */
final class InnerOutput {
    private final JsonMapper mapper;
    private final EnvelopeOutput envelope = new EnvelopeOutput();
    private String before = "{";

    InnerOutput(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** @param name as {@link FieldNames} gives it */
    void field(byte[] name, Object value) {
        envelope.writeEscaped(before);
        before = ",";
        envelope.writeEscaped(name);
        switch (value) {
            case null -> envelope.writeEscaped("null");
            case String text when envelope.writePlain(text) -> {
            }
            case Boolean truth -> envelope.writeEscaped(truth.toString());
            case List<?> list when list.isEmpty() -> envelope.writeEscaped("[]");
            default -> mapper.writeValue(envelope, value);
        }
    }

    /** The whole message; nothing may be written any more. */
    byte[] finish() {
        envelope.writeEscaped(before.equals("{") ? "{}" : "}");
        return envelope.finish();
    }
}
