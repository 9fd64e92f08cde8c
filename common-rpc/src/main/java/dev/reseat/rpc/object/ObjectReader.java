package dev.reseat.rpc.object;

import dev.reseat.rpc.RpcVersion;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;

/** Takes the wrapper off, checks what it says, and lets the record read its fields. */
final class ObjectReader extends DelegatingDeserializer {
    private static final String EXCEPTIONS = "oslo_versionedobjects.exception";

    private final VersionedObject meta;

    ObjectReader(ValueDeserializer<?> fields, VersionedObject meta) {
        super(fields);
        this.meta = meta;
    }

    @Override
    protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> fields) {
        return new ObjectReader(fields, meta);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) {
        JsonNode wrapper = context.readTree(json);
        VersionedObject.Project project = meta.project();
        JsonNode name = wrapper.path(project.key("name"));
        if (!name.isString()) {
            throw new ObjectRejected("builtins", "AttributeError", "expected a versioned object " + meta.name());
        }
        String namespace = wrapper.path(project.key("namespace")).asString("");
        if (!name.stringValue().equals(meta.name()) || !namespace.equals(project.namespace())) {
            throw new ObjectRejected(
                    EXCEPTIONS, "UnsupportedObjectError", "Unsupported object type " + name.stringValue());
        }
        checkVersion(wrapper.path(project.key("version")).asString(""));
        try (JsonParser fields = wrapper.path(project.key("data")).traverse(context)) {
            fields.nextToken();
            return super.deserialize(fields, context);
        }
    }

    private void checkVersion(String version) {
        RpcVersion ours = RpcVersion.parse(meta.reads().isEmpty() ? meta.version() : meta.reads());
        RpcVersion theirs;
        try {
            theirs = RpcVersion.parse(version);
        } catch (IllegalArgumentException e) {
            throw new ObjectRejected("builtins", "ValueError",
                    "invalid version of " + meta.name() + ": '" + version + "'");
        }
        if (theirs.major() != ours.major() || theirs.minor() > ours.minor()) {
            throw new ObjectRejected(
                    EXCEPTIONS,
                    "IncompatibleObjectVersion",
                    "Version " + version + " of " + meta.name() + " is not supported, supported version is " + ours);
        }
    }
}
