package dev.reseat.blockstorage;

import dev.reseat.runtime.Deadline;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns credentials into access, and keeps a token until shortly before it ends. Thread-safe. */
final class TokenSource {
    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final JsonMapper JSON = new JsonMapper();

    private final BlockStorageConfig config;
    private final Sender sender;
    private final InstantSource clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile Token token = new Token("", Instant.MIN, "", "");

    TokenSource(BlockStorageConfig config, Sender sender, InstantSource clock) {
        this.config = config;
        this.sender = sender;
        this.clock = clock;
    }

    /** @param id a secret */
    private record Token(String id, Instant expires, String projectId, String endpoint) {
        @Override
        public String toString() {
            return "Token[until " + expires + "]";
        }
    }

    BlockStorageAccess access(Deadline deadline) {
        return switch (config.credentials()) {
            case Credentials.NoAuth(String user, String project) -> new BlockStorageAccess(
                    endpoint("", project), Map.of("X-Auth-Token", user + ":" + project, "X-Service-Roles", "service"));
            case Credentials.Password password -> {
                Token valid = token(password, deadline);
                yield new BlockStorageAccess(endpoint(valid.endpoint(), valid.projectId()),
                        Map.of("X-Auth-Token", valid.id(), "X-Service-Token", valid.id()));
            }
        };
    }

    /** The token was not taken: the next access asks for another one. */
    void forget() {
        token = new Token("", Instant.MIN, "", "");
    }

    private String endpoint(String fromCatalog, String project) {
        String template = config.endpoint().orElse(fromCatalog);
        return template.replace("%(project_id)s", project).replace("%(tenant_id)s", project);
    }

    private Token token(Credentials.Password password, Deadline deadline) {
        waitForTurn(deadline);
        try {
            if (token.expires().isBefore(clock.instant().plus(MARGIN))) {
                token = request(password, deadline);
            }
            return token;
        } finally {
            renewing.unlock();
        }
    }

    /** Somebody else may be asking, for as long as his deadline is. */
    private void waitForTurn(Deadline deadline) {
        try {
            if (!renewing.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new BlockStorageException.Unreachable("there was no time left to get a token", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockStorageException.Unreachable("interrupted before a token was there", e);
        }
    }

    private Token request(Credentials.Password password, Deadline deadline) {
        Map<String, Object> user = new HashMap<>(password.user());
        user.put("password", password.password());
        Map<String, Object> body = Map.of("auth", Map.of(
                "identity", Map.of("methods", List.of("password"), "password", Map.of("user", user)),
                "scope", Map.of("project", password.project())));
        HttpResponse<String> answer = sender.send(HttpRequest.newBuilder(tokens(password.authUrl()))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))), deadline);
        if (answer.statusCode() != 201) {
            throw new BlockStorageException.Misconfigured(
                    "no token from " + password.authUrl() + ": HTTP " + answer.statusCode());
        }
        return read(answer, password.authUrl());
    }

    private static URI tokens(URI authUrl) {
        String base = authUrl.toString().replaceAll("/+$", "");
        return URI.create((base.endsWith("/v3") ? base : base + "/v3") + "/auth/tokens");
    }

    private Token read(HttpResponse<String> answer, URI authUrl) {
        try {
            JsonNode body = JSON.readTree(answer.body()).path("token");
            return new Token(
                    answer.headers().firstValue("X-Subject-Token").orElseThrow(),
                    Instant.parse(body.path("expires_at").asString()),
                    body.path("project").path("id").asString(),
                    config.endpoint().isPresent() ? "" : fromCatalog(body.path("catalog")));
        } catch (JacksonException | NoSuchElementException | DateTimeException e) {
            throw new BlockStorageException.Misconfigured("the answer of " + authUrl + " is not a token");
        }
    }

    private String fromCatalog(JsonNode catalog) {
        BlockStorageConfig.CatalogInfo wanted = config.catalog();
        return children(catalog)
                .filter(service -> service.path("type").asString("").equals(wanted.type()))
                .filter(service -> wanted.name().map(service.path("name").asString("")::equals).orElse(true))
                .flatMap(service -> children(service.path("endpoints")))
                .filter(endpoint -> endpoint.path("interface").asString("").equals(wanted.endpointInterface()))
                .filter(endpoint -> config.region().map(endpoint.path("region_id").asString("")::equals).orElse(true))
                .map(endpoint -> endpoint.path("url").asString(""))
                .findFirst()
                .orElseThrow(() -> new BlockStorageException.Misconfigured(
                        "the service catalog has no " + wanted.endpointInterface() + " endpoint of " + wanted.type()));
    }

    private static Stream<JsonNode> children(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
