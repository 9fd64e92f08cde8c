package dev.reseat.api.rest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a server under test, with headers that all of them carry. */
public final class HttpCalls implements AutoCloseable {
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String[] headers;

    /** @param headers names and values in turn */
    public HttpCalls(int port, String... headers) {
        this.base = "http://127.0.0.1:" + port;
        this.headers = headers;
    }

    public String base() {
        return base;
    }

    public Answer get(String path, String... more) {
        return send("GET", path, BodyPublishers.noBody(), more);
    }

    public Answer delete(String path, String... more) {
        return send("DELETE", path, BodyPublishers.noBody(), more);
    }

    /** Sends JSON. */
    public Answer post(String path, String json, String... more) {
        return send("POST", path, BodyPublishers.ofString(json), json(more));
    }

    /** Sends JSON. */
    public Answer put(String path, String json, String... more) {
        return send("PUT", path, BodyPublishers.ofString(json), json(more));
    }

    public Answer send(String method, String path, BodyPublisher body, String... more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        add(request, headers);
        add(request, more);
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(response);
        } catch (IOException failure) {
            throw new AssertionError("no answer to " + method + " " + path, failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static void add(HttpRequest.Builder request, String[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            request.setHeader(pairs[i], pairs[i + 1]);
        }
    }

    private static String[] json(String[] more) {
        String[] all = new String[more.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/json";
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    /** What came back. */
    public record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String body() {
            return response.body();
        }

        public JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        /** The value of a header; empty text if there is none. */
        public String header(String name) {
            return String.join(", ", response.headers().allValues(name));
        }

        /** The message of a fault of that kind; fails if the body is anything else. */
        public String message(String key) {
            JsonNode fault = json().path(key);
            if (!fault.path("code").isInt() || json().size() != 1) {
                throw new AssertionError("no " + key + ": " + status() + " " + body());
            }
            if (fault.path("code").intValue() != status()) {
                throw new AssertionError("code is not the status " + status() + ": " + body());
            }
            return fault.path("message").stringValue();
        }
    }
}
