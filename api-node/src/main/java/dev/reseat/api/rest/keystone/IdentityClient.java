package dev.reseat.api.rest.keystone;

import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.json.RestJson;
import dev.reseat.api.rest.keystone.KeystoneConfig.Credentials;
import dev.reseat.runtime.TrustedCertificates;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;

/** Asks Keystone, with a token of our own that is got again when it is no longer good. Safe for use by many threads. */
final class IdentityClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(IdentityClient.class.getName());

    private static final int AT_ONCE = 64;

    private final URI tokens;
    private final KeystoneConfig config;
    private final HttpClient http;
    /** So many are asked about at a time, whoever sends how many. */
    private final Semaphore asking = new Semaphore(AT_ONCE);
    private final AtomicReference<String> ownToken = new AtomicReference<>("");

    IdentityClient(URI authUrl, KeystoneConfig config) {
        this.tokens = URI.create(authUrl + "/auth/tokens");
        this.config = config;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(config.timeout());
        config.caFile().map(IdentityClient::trusting).ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    private static SSLContext trusting(Path file) {
        try {
            return TrustedCertificates.in(file);
        } catch (IllegalArgumentException unusable) {
            throw new IllegalArgumentException("[keystone_authtoken] cafile: " + unusable.getMessage(), unusable);
        }
    }

    /**
     * What Keystone knows of a token; empty if it does not accept it.
     *
     * @throws HttpFault 503 if it cannot be asked
     */
    Optional<TokenData> validate(String token, boolean allowExpired) {
        if (!turn()) {
            throw unavailable("Keystone is being asked about " + AT_ONCE + " tokens, one more would wait too long");
        }
        try {
            return answered(token, allowExpired);
        } finally {
            asking.release();
        }
    }

    private boolean turn() {
        try {
            return asking.tryAcquire(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<TokenData> answered(String token, boolean allowExpired) {
        String known = ownToken.get();
        HttpResponse<String> answer = ask(token, allowExpired, known.isEmpty() ? renewed(known) : known);
        if (answer.statusCode() == 401) {
            answer = ask(token, allowExpired, renewed(ownToken.get()));
        }
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(read(answer.body()));
            case 404 -> Optional.empty();
            default -> throw unavailable("Keystone answered " + answer.statusCode() + " when asked about a token");
        };
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpResponse<String> ask(String token, boolean allowExpired, String own) {
        URI question = URI.create(tokens + (allowExpired ? "?nocatalog&allow_expired=1" : "?nocatalog"));
        try {
            return send(HttpRequest.newBuilder(question)
                    .header("X-Auth-Token", own)
                    .header("X-Subject-Token", token)
                    .header("Accept", "application/json")
                    .timeout(config.timeout())
                    .build());
        } catch (IllegalArgumentException notAHeader) {
            // a token with a line break in it is nobody's
            throw HttpFault.badRequest("The token has characters that no token has");
        }
    }

    /** Gets a token of our own, unless another thread has just done so. */
    private String renewed(String worn) {
        Credentials who = config.credentials();
        Map<String, Object> identity = Map.of(
                "methods",
                List.of("password"),
                "password",
                Map.of("user", Map.of("name", who.username(), "password", who.password(), "domain",
                        domain(who.userDomain()))));
        Map<String, Object> scope =
                Map.of("project", Map.of("name", who.project(), "domain", domain(who.projectDomain())));
        HttpResponse<String> answer = send(HttpRequest.newBuilder(tokens)
                .header("Content-Type", "application/json")
                .timeout(config.timeout())
                .POST(BodyPublishers.ofByteArray(RestJson.mapper()
                        .writeValueAsBytes(Map.of("auth", Map.of("identity", identity, "scope", scope)))))
                .build());
        String token = answer.headers().firstValue("X-Subject-Token").orElse("");
        if (answer.statusCode() != 201 || token.isEmpty()) {
            throw unavailable("Keystone answered " + answer.statusCode() + " to our own credentials, " + who);
        }
        ownToken.compareAndSet(worn, token);
        return token;
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return sendOver(request);
        } catch (IOException failure) {
            throw unavailable("Keystone at " + tokens + " cannot be asked: " + failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted while asking Keystone");
        }
    }

    /** Once more if a connection that was kept has ended meanwhile: nothing that is asked for here does harm twice. */
    private HttpResponse<String> sendOver(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (ConnectException | HttpTimeoutException nobody) {
            throw nobody;
        } catch (IOException ended) {
            LOG.log(Level.DEBUG, "a connection to Keystone has ended", ended);
            return http.send(request, BodyHandlers.ofString());
        }
    }

    private static TokenData read(String body) {
        try {
            TokenData token = RestJson.mapper().readValue(body, TokenData.Envelope.class).token();
            if (token == null || token.user() == null || token.expiresAt() == null) {
                throw unavailable("Keystone's answer about a token lacks the user or the time");
            }
            return token;
        } catch (JacksonException notAToken) {
            throw unavailable("Keystone's answer about a token cannot be read");
        }
    }

    private static Map<String, String> domain(String name) {
        return Map.of("name", name);
    }

    private static HttpFault unavailable(String why) {
        LOG.log(Level.ERROR, why);
        return new HttpFault(503, "The identity service cannot say who you are now. Try again later.");
    }
}
