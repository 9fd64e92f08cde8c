package dev.reseat.compute.connector;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code connection_info} in the form Nova stores ({@code {driver_volume_type, data: {...}}}) and in the flat form
 * of Cinder's attachments. Failures never repeat what was read: it may hold passwords.
 */
public final class ConnectionInfoReader {
    private static final JsonMapper JSON = new JsonMapper();

    private ConnectionInfoReader() {}

    /** @throws ConnectorException.Unreadable if this is not a connection_info */
    public static ConnectionInfo read(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new ConnectorException.Unreadable("connection_info is not JSON, line " + e.getLocation().getLineNr());
        }
        return read(json);
    }

    /** @throws ConnectorException.Unreadable if this is not a connection_info */
    public static ConnectionInfo read(Map<String, Object> values) {
        return read(JSON.<JsonNode>valueToTree(values));
    }

    private static ConnectionInfo read(JsonNode json) {
        String type = json.path("driver_volume_type").asString("");
        if (type.isEmpty())
            throw new ConnectorException.Unreadable("connection_info has no driver_volume_type");
        JsonNode data = json.path("data").isObject() ? json.path("data") : json;
        boolean shared = json.path("multiattach").asBoolean(false);
        return type.equals(ConnectionInfo.Local.TYPE)
                ? local(data, shared)
                : new ConnectionInfo.Unsupported(type, shared);
    }

    private static ConnectionInfo local(JsonNode data, boolean shared) {
        String path = data.path("device_path").asString("");
        if (path.isEmpty())
            throw new ConnectorException.Unreadable(
                    "Invalid connection_properties specified no device_path attribute"); // os-brick's words
        try {
            return new ConnectionInfo.Local(Path.of(path), shared);
        } catch (InvalidPathException e) {
            throw new ConnectorException.Unreadable("device_path is not a path");
        } catch (IllegalArgumentException e) {
            throw new ConnectorException.Unreadable(e.getMessage());
        }
    }
}
