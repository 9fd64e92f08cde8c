package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.json.RestJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Asks an api-node over HTTP. Repeats nothing by itself: whether to ask again is the operator's decision. */
final class ApiClient implements AutoCloseable {
    private static final int SHOWN_OF_A_FOREIGN_ERROR = 300;
    private static final JsonMapper JSON = RestJson.mapper();

    private final URI root;
    private final Map<String, String> headers;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * @param http closed with this
     * @param root scheme, host and port, and the path in front of {@code /v3} and {@code /reseat/v1}, if there is one
     * @param headers sent with every request
     * @param timeout how long to wait for one answer
     */
    ApiClient(HttpClient http, URI root, Map<String, String> headers, Duration timeout) {
        this.http = http;
        this.root = root;
        this.headers = Map.copyOf(headers);
        this.timeout = timeout;
    }

    /**
     * @param path with its leading slash, encoded
     * @throws ApiFailure also if the answer cannot be read
     */
    JsonNode get(String path) {
        try {
            return send(path, HttpRequest.newBuilder().GET());
        } catch (ApiFailure.OutcomeUnknown nothingToBeDone) {
            throw new ApiFailure.Unreachable(nothingToBeDone.getMessage(), nothingToBeDone);
        }
    }

    /**
     * @param path with its leading slash, encoded
     * @throws ApiFailure an {@link ApiFailure.OutcomeUnknown} if the request left and no readable answer came
     */
    JsonNode post(String path, Object body) {
        try {
            return send(path, HttpRequest.newBuilder()
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
        } catch (ApiFailure.OutcomeUnknown lost) {
            throw new ApiFailure.OutcomeUnknown(lost.getMessage() + "; it may have been done", lost);
        }
    }

    /**
     * What an answer says, as one of the records both sides know.
     *
     * @throws ApiFailure.OutcomeUnknown if it says something else
     */
    static <T> T read(JsonNode answer, Class<T> type) {
        try {
            return JSON.treeToValue(answer, type);
        } catch (JacksonException other) {
            throw new ApiFailure.OutcomeUnknown("the answer is no " + type.getSimpleName() + "; is it an api-node?",
                    other);
        }
    }

    /** One word of a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** An id or name in a path. @throws UsageError if it is empty, as a variable that is not set, or leads elsewhere */
    static String segment(String text) {
        if (text.isBlank() || text.equals(".") || text.equals("..")) {
            throw new UsageError("'" + text + "' is neither an id nor a name");
        }
        return encoded(text);
    }

    /** {@code ?a=b&c=d}, in the order of the map. */
    static String query(Map<String, String> parameters) {
        return parameters.entrySet()
                .stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode send(String path, HttpRequest.Builder request) {
        URI uri = URI.create(root + path);
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = http.send(
                    request.uri(uri).timeout(timeout).header("Accept", "application/json").build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw failure(response);
            }
            return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
        } catch (ConnectException | HttpConnectTimeoutException nobody) {
            throw new ApiFailure.Unreachable("cannot reach " + root + ": nobody listens there", nobody);
        } catch (IOException lost) {
            throw new ApiFailure.OutcomeUnknown("no answer from " + uri + ": " + lost.getMessage(), lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ApiFailure.OutcomeUnknown("interrupted while waiting for " + uri, interrupted);
        } catch (JacksonException notJson) {
            throw new ApiFailure.OutcomeUnknown(uri + " did not answer in JSON; is it an api-node?", notJson);
        }
    }

    /** What stands in {@code {"itemNotFound": {"code": 404, "message": …, "error": …}}}, or what is there instead. */
    private static ApiFailure.Answered failure(HttpResponse<String> response) {
        JsonNode detail = detail(response.body());
        return new ApiFailure.Answered(
                response.statusCode(),
                text(detail, "message").orElseGet(() -> foreign(response)),
                text(detail, "error"),
                text(detail, "next"),
                observations(detail));
    }

    /** A missing node if it is not an api-node's error: its text is shown. */
    private static JsonNode detail(String body) {
        try {
            for (JsonNode error : JSON.readTree(body)) {
                if (error.path("message").isString()) {
                    return error;
                }
            }
            return MissingNode.getInstance();
        } catch (JacksonException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static Optional<String> text(JsonNode detail, String key) {
        return Optional.of(detail.path(key)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    /** What a refusal rests on, if the answer says so. */
    private static List<ObservationView> observations(JsonNode detail) {
        List<ObservationView> observations = new ArrayList<>();
        try {
            for (JsonNode seen : detail.path("observations")) {
                observations.add(JSON.treeToValue(seen, ObservationView.class));
            }
        } catch (JacksonException ofAnotherServer) {
            return List.of();
        }
        return observations;
    }

    private static String foreign(HttpResponse<String> response) {
        String text = response.body().strip();
        String shown = text.length() > SHOWN_OF_A_FOREIGN_ERROR ? text.substring(0, SHOWN_OF_A_FOREIGN_ERROR) : text;
        return "HTTP " + response.statusCode() + (shown.isEmpty() ? "" : ": " + shown);
    }
}
