package dev.reseat.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the block storage API as Nova does: what makes the small cloud's attachments is what makes everybody's. */
final class BlockStorage implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String MICROVERSION = "volume 3.44";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;
    private final String token;

    /** @param endpoint {@code http://HOST:PORT/v3} */
    BlockStorage(URI endpoint, String user, String project) {
        this.endpoint = endpoint;
        this.token = user + ":" + project;
    }

    /** @param connectionInfo flat, as the API gives it; empty for a reservation */
    record Attachment(String id, Map<String, Object> connectionInfo) {}

    Attachment reserve(String volume, String server) {
        return attach(volume, server, Optional.empty());
    }

    Attachment connect(String volume, String server, Map<String, Object> connector, String device) {
        Map<String, Object> withDevice = new LinkedHashMap<>(connector);
        withDevice.put("mountpoint", device);
        return attach(volume, server, Optional.of(withDevice));
    }

    void complete(Attachment attachment) {
        post("/attachments/" + attachment.id() + "/action", Map.of("os-complete", Map.of()));
    }

    /** {@code os-reset_status}, in Cinder's own form. */
    void resetStatus(String volume, Map<String, String> what) {
        post("/volumes/" + volume + "/action", Map.of("os-reset_status", what));
    }

    private Attachment attach(String volume, String server, Optional<Map<String, Object>> connector) {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("volume_uuid", volume);
        wanted.put("instance_uuid", server);
        connector.ifPresent(given -> wanted.put("connector", given));
        JsonNode made = post("/attachments", Map.of("attachment", wanted)).path("attachment");
        Map<String, Object> info = new LinkedHashMap<>();
        made.path("connection_info")
                .properties()
                .forEach(
                        entry -> info.put(entry.getKey(), JSON.treeToValue(entry.getValue(), Object.class)));
        return new Attachment(made.path("id").stringValue(), info);
    }

    private JsonNode post(String path, Object body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + path))
                .timeout(LIMIT)
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", MICROVERSION)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        "POST " + request.uri() + ": " + response.statusCode() + " " + response.body());
            }
            return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (IOException failure) {
            throw new UncheckedIOException("POST " + request.uri(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
