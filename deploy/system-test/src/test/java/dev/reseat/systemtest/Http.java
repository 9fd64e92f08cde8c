package dev.reseat.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The api-node's HTTP, asked by an administrator. Thread-safe. */
final class Http implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private static final String VERSION = "OpenStack-API-Version";

    private final HttpClient client = HttpClient.newHttpClient();
    private final String root;
    private final String token;

    Http(String root, String user, String project) {
        this.root = root;
        this.token = user + ":" + project;
    }

    /** @param text as it came; may be no JSON */
    record Answer(int status, String text) {
        JsonNode json() {
            return JSON.readTree(text);
        }

        /** Cinder's form of an error: the message under whatever key. */
        String message() {
            return json().iterator().next().path("message").asString();
        }
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    /** The same of another API, or in another of its versions. */
    Answer asked(String version, String path) {
        HttpRequest request = HttpRequest.newBuilder(request("GET", path, ""), (name, _) -> !name.equals(VERSION))
                .header(VERSION, version)
                .build();
        return sent(request);
    }

    Answer post(String path, String body) {
        return send("POST", path, body);
    }

    Answer put(String path, String body) {
        return send("PUT", path, body);
    }

    Answer send(String method, String path, String body) {
        return sent(request(method, path, body));
    }

    private Answer sent(HttpRequest request) {
        try {
            return answer(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** For a request that somebody is to be killed under. */
    CompletableFuture<Answer> sending(String method, String path, String body) {
        return client.sendAsync(request(method, path, body), HttpResponse.BodyHandlers.ofString())
                .thenApply(Http::answer);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.body());
    }

    private HttpRequest request(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(Duration.ofSeconds(60))
                .header("X-Auth-Token", token)
                .header("Accept", "application/json")
                .header(VERSION, "volume 3.44");
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return request.method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8)).build();
    }
}
