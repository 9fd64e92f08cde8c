package dev.reseat.api.cli;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.rest.json.RestJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a login to Keystone has given.
 *
 * @param token a secret
 * @param endpoint where the catalog says that an api-node listens; empty if it says nothing
 */
record KeystoneSession(String token, Optional<String> endpoint) {
    /** The type that the api-node is registered under. */
    static final String SERVICE_TYPE = "volume-repair";

    /**
     * Logs in.
     *
     * @param within until there is an answer
     * @throws UsageError if Keystone does not accept it
     * @throws ApiFailure.Unreachable if it cannot be asked
     */
    static KeystoneSession open(HttpClient http, Login login, Duration within) {
        URI tokens = URI.create(login.authUrl() + "/auth/tokens");
        HttpRequest request = HttpRequest.newBuilder(tokens)
                .timeout(within)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofByteArray(RestJson.mapper().writeValueAsBytes(login.auth())))
                .build();
        HttpResponse<String> answer = send(http, request);
        Optional<String> token = answer.headers().firstValue("X-Subject-Token");
        if (answer.statusCode() == 401) {
            throw new ApiFailure.Answered(401, ErrorCode.UNAUTHENTICATED, "Keystone does not accept the login.");
        }
        if (answer.statusCode() != 201 || token.isEmpty()) {
            throw new UsageError("Keystone at " + tokens + " answered " + answer.statusCode() + " to the login");
        }
        return new KeystoneSession(token.get(), endpoint(read(answer.body()).path("token").path("catalog"), login));
    }

    /**
     * With a token that somebody has got already, and that a header takes.
     *
     * @param within until there is an answer
     * @throws UsageError as {@link #open}
     * @throws ApiFailure likewise
     */
    static KeystoneSession of(HttpClient http, Login login, String token, Duration within) {
        URI catalog = URI.create(login.authUrl() + "/auth/catalog");
        HttpResponse<String> answer = send(http, HttpRequest.newBuilder(catalog)
                .timeout(within)
                .header("X-Auth-Token", token)
                .header("Accept", "application/json")
                .build());
        if (answer.statusCode() == 401) {
            throw new ApiFailure.Answered(401, ErrorCode.UNAUTHENTICATED, "Keystone does not accept the token.");
        }
        if (answer.statusCode() != 200) {
            throw new UsageError("Keystone at " + catalog + " answered " + answer.statusCode() + " to the token");
        }
        return new KeystoneSession(token, endpoint(read(answer.body()).path("catalog"), login));
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException nobody) {
            throw new ApiFailure.Unreachable("cannot reach Keystone at " + request.uri() + ": " + nobody.getMessage(),
                    nobody);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ApiFailure.Unreachable("interrupted while logging in", interrupted);
        }
    }

    private static JsonNode read(String body) {
        try {
            return RestJson.mapper().readTree(body);
        } catch (JacksonException notJson) {
            throw new UsageError("OS_AUTH_URL leads to something that is no Keystone");
        }
    }

    private static Optional<String> endpoint(JsonNode catalog, Login login) {
        String wanted = login.value("interface").orElse("public").replaceFirst("URL$", "");
        Optional<String> region = login.value("region_name");
        return StreamSupport.stream(catalog.spliterator(), false)
                .filter(service -> service.path("type").asString("").equals(SERVICE_TYPE))
                .flatMap(service -> StreamSupport.stream(service.path("endpoints").spliterator(), false))
                .filter(one -> one.path("interface").asString("").equals(wanted))
                .filter(one -> region.isEmpty() || region.get().equals(one.path("region_id").asString("")))
                .map(one -> one.path("url").asString(""))
                .findFirst();
    }

    /** Where, never the token. */
    @Override
    public String toString() {
        return "KeystoneSession[" + endpoint.orElse("-") + "]";
    }
}
