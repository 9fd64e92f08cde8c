package dev.reseat.rpc.object;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Puts the wrapper around the record's fields. */
final class ObjectWriter extends ValueSerializer<Object> {
    private final ValueSerializer<Object> fields;
    private final VersionedObject meta;

    ObjectWriter(ValueSerializer<Object> fields, VersionedObject meta) {
        this.fields = fields;
        this.meta = meta;
    }

    @Override
    public void resolve(SerializationContext context) {
        fields.resolve(context);
    }

    @Override
    @SuppressWarnings("unchecked")
    public ValueSerializer<?> createContextual(SerializationContext context, BeanProperty property) {
        return new ObjectWriter((ValueSerializer<Object>) fields.createContextual(context, property), meta);
    }

    @Override
    public void serialize(Object value, JsonGenerator json, SerializationContext context) {
        VersionedObject.Project project = meta.project();
        json.writeStartObject();
        json.writeStringProperty(project.key("name"), meta.name());
        json.writeStringProperty(project.key("namespace"), project.namespace());
        json.writeStringProperty(project.key("version"), meta.version());
        json.writeName(project.key("data"));
        fields.serialize(value, json, context);
        json.writeEndObject();
    }
}
