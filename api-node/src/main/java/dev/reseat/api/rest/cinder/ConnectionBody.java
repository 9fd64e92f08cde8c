package dev.reseat.api.rest.cinder;

import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.schema.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What the bodies of the actions must look like that attach and detach in the flow of before attachments. Follows
 * {@code cinder.api.schemas.volume_actions} and {@code admin_actions}.
 */
final class ConnectionBody {
    /** With or without hyphens, as {@code oslo_utils.uuidutils.is_uuid_like} takes it. */
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}");
    private static final int LONGEST = 255;
    private static final String CONNECTOR = "connector";
    private static final String ATTACHMENT_ID = "attachment_id";
    private static final String INSTANCE_UUID = "instance_uuid";
    private static final String HOST_NAME = "host_name";
    private static final Schema ANY_CONNECTOR = Schema.type("string", "object", "null");

    private ConnectionBody() {}

    /** {@code os-attach}: to an instance or a host. */
    static Schema attach() {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put(INSTANCE_UUID, uuid(Schema.type("string")));
        properties.put("mountpoint", Schema.type("string").length(1, LONGEST));
        properties.put(HOST_NAME, Schema.type("string").length(0, LONGEST));
        properties.put("mode", Schema.type("string").oneOf(List.of("rw", "ro")));
        return action("os-attach", Schema.type("object")
                .properties(properties)
                .require("mountpoint")
                .requireAny(List.of(INSTANCE_UUID, HOST_NAME))
                .only(properties.keySet()));
    }

    /** {@code os-detach}. */
    static Schema detach() {
        return action("os-detach", Schema.type("object", "null")
                .properties(Map.of(ATTACHMENT_ID, Schema.any().anyOf(value -> value.isNull() || isUuid(value))))
                .only(List.of(ATTACHMENT_ID)));
    }

    /** {@code os-initialize_connection}. */
    static Schema initializeConnection() {
        return withConnector("os-initialize_connection", Schema.type("object", "string"));
    }

    /** {@code os-terminate_connection}. */
    static Schema terminateConnection() {
        return withConnector("os-terminate_connection", ANY_CONNECTOR);
    }

    /** {@code os-force_detach}. */
    static Schema forceDetach() {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put(CONNECTOR, ANY_CONNECTOR);
        properties.put(ATTACHMENT_ID, Schema.type("string", "null"));
        return action("os-force_detach",
                Schema.type("object").properties(properties).only(properties.keySet()));
    }

    private static Schema withConnector(String name, Schema connector) {
        return action(name, Schema.type("object")
                .properties(Map.of(CONNECTOR, connector))
                .require(CONNECTOR)
                .only(List.of(CONNECTOR)));
    }

    /** A body that has this action, and nothing else. */
    static Schema action(String name, Schema schema) {
        return Schema.type("object")
                .properties(Map.of(name, schema))
                .require(name)
                .only(List.of(name));
    }

    private static Schema uuid(Schema schema) {
        return schema.format("uuid", text -> UUID.matcher(text).matches());
    }

    private static boolean isUuid(JsonNode value) {
        return value.isString() && UUID.matcher(value.stringValue()).matches();
    }

    /** The attachment that a valid body names. */
    static Optional<String> attachmentId(JsonNode wanted) {
        return wanted.path(ATTACHMENT_ID).stringValueOpt();
    }

    /**
     * The connector that a valid body has; empty for everybody's.
     *
     * @param values reads an object
     */
    static Optional<Map<String, Object>> connector(JsonNode wanted, Function<JsonNode, Map<String, Object>> values) {
        JsonNode connector = wanted.path(CONNECTOR);
        if (connector.isString()) {
            throw HttpFault.badRequest(
                    "Invalid input received: Connector doesn't have required information: host");
        }
        return Optional.of(connector).filter(JsonNode::isObject).map(values);
    }
}
