package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Keystone, as Debian packages it, on a database of this test's own, with an administrator {@code admin}. A
 * second process on the same data issues tokens that end within seconds.
 */
final class Keystone implements AutoCloseable {
    static final String PASSWORD = "s3cret";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path MANAGE = Path.of("/usr/bin/keystone-manage");

    private final EmbeddedDatabase database = EmbeddedDatabase.create();
    private final Path directory;
    private final int port = LoopbackPorts.reserve();
    private final int hastyPort = LoopbackPorts.reserve();
    private final List<PythonService> services = new ArrayList<>();
    private final Map<String, String> roles = new LinkedHashMap<>();
    private String admin;

    private Keystone(Path directory) {
        this.directory = directory;
    }

    /** Running, and known to nobody else. */
    static Keystone start() throws IOException, InterruptedException {
        if (!Files.isExecutable(MANAGE)) {
            String sentence = "this test needs " + MANAGE + ": install keystone";
            if ("required".equals(System.getProperty("reseat.peers"))) {
                fail(sentence);
            }
            abort(sentence);
        }
        Path directory = Path.of(System.getProperty("basedir", ""), "target", "clouds",
                "keystone-" + UUID.randomUUID().toString().substring(0, 8)).toAbsolutePath();
        var keystone = new Keystone(Files.createDirectories(directory));
        try {
            keystone.prepare();
            keystone.admin = keystone.token(Map.of(
                    "identity", password("admin"), "scope", Map.of("project", named("admin"))));
            keystone.request(keystone.admin, "GET", "/roles", null)
                    .path("roles")
                    .forEach(role -> keystone.roles.put(
                            role.path("name").stringValue(), role.path("id").stringValue()));
            return keystone;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            keystone.close();
            throw e;
        }
    }

    private void prepare() throws IOException, InterruptedException {
        Path settings = settings("keystone", 3600);
        manage(settings, "db_sync");
        FernetKeys.in(directory.resolve("keys"));
        manage(settings, "bootstrap", "--bootstrap-password", PASSWORD, "--bootstrap-public-url", url(),
                "--bootstrap-region-id", "RegionOne");
        services.add(serve("keystone", port, settings));
        services.add(serve("keystone-hasty", hastyPort, settings("keystone-hasty", 2)));
        services.get(0).awaitPort(port);
        services.get(1).awaitPort(hastyPort);
    }

    private Path settings(String name, int expiration) throws IOException {
        DatabaseUrl url = database.nova();
        return Files.writeString(directory.resolve(name + ".conf"), """
                [database]
                connection = postgresql+psycopg2://%1$s@%2$s/%3$s
                [identity]
                # the fewest: it is no password that is tested
                password_hash_rounds = 4
                [token]
                provider = fernet
                expiration = %4$d
                [fernet_tokens]
                key_repository = %5$s
                [fernet_receipts]
                key_repository = %5$s
                [credential]
                key_repository = %5$s
                """.formatted(url.user().orElseThrow(), url.server(), url.database(), expiration,
                directory.resolve("keys")));
    }

    private static void manage(Path settings, String... words) {
        List<String> command = new ArrayList<>(List.of(MANAGE.toString(), "--config-file", settings.toString()));
        command.addAll(List.of(words));
        Program.run(Map.of(), command).assertSucceeded();
    }

    private PythonService serve(String name, int at, Path settings) {
        return PythonService.launch(name, directory,
                OpenStackPrograms.script("keystone_api.py", String.valueOf(at), settings.toString()));
    }

    /** {@code auth_url}. */
    String url() {
        return "http://127.0.0.1:" + port + "/v3";
    }

    /** @return its id */
    String project(String name) {
        return request(admin, "POST", "/projects", Map.of("project", Map.of("name", name, "domain_id", "default")))
                .path("project")
                .path("id")
                .stringValue();
    }

    /**
     * With {@link #PASSWORD}, and roles in a project.
     *
     * @return its id
     */
    String user(String name, String project, String... names) {
        Map<String, ?> wanted = Map.of("name", name, "password", PASSWORD, "domain_id", "default");
        String id = request(admin, "POST", "/users", Map.of("user", wanted)).path("user").path("id").stringValue();
        for (String role : names) {
            request(admin, "PUT", "/projects/" + project + "/users/" + id + "/roles/" + role(role), null);
        }
        return id;
    }

    private String role(String name) {
        return roles.computeIfAbsent(
                name,
                missing -> request(admin, "POST", "/roles", Map.of("role", Map.of("name", missing)))
                        .path("role")
                        .path("id")
                        .stringValue());
    }

    /** In the catalog, for everybody. */
    void service(String type, String url) {
        String id = request(admin, "POST", "/services", Map.of("service", Map.of("type", type, "name", type)))
                .path("service")
                .path("id")
                .stringValue();
        request(admin, "POST", "/endpoints", Map.of("endpoint", Map.of(
                "service_id", id, "interface", "public", "region_id", "RegionOne", "url", url)));
    }

    String projectToken(String user, String project) {
        return token(projectLogin(user, project));
    }

    /** One that ends within seconds. */
    String hastyToken(String user, String project) {
        return token("http://127.0.0.1:" + hastyPort + "/v3", projectLogin(user, project));
    }

    String systemToken(String user) {
        return token(Map.of("identity", password(user), "scope", Map.of("system", Map.of("all", true))));
    }

    /** Id and secret of a new one of a user's. */
    List<String> applicationCredential(String userId, String token) {
        JsonNode made = request(token, "POST", "/users/" + userId + "/application_credentials",
                Map.of("application_credential", Map.of("name", "ours"))).path("application_credential");
        return List.of(made.path("id").stringValue(), made.path("secret").stringValue());
    }

    String applicationToken(List<String> credential) {
        return token(Map.of("identity", Map.of(
                "methods", List.of("application_credential"),
                "application_credential", Map.of("id", credential.get(0), "secret", credential.get(1)))));
    }

    void revoke(String token) {
        assertThat(send(url() + "/auth/tokens", admin, token, "DELETE", null).statusCode()).isEqualTo(204);
    }

    /** Whether Keystone itself believes a token. */
    boolean believes(String token) {
        return send(url() + "/auth/tokens", admin, token, "GET", null).statusCode() == 200;
    }

    private static Map<String, ?> projectLogin(String user, String project) {
        return Map.of("identity", password(user), "scope", Map.of("project", Map.of("id", project)));
    }

    private static Map<String, ?> password(String user) {
        Map<String, Object> who = new LinkedHashMap<>(named(user));
        who.put("password", PASSWORD);
        return Map.of("methods", List.of("password"), "password", Map.of("user", who));
    }

    private static Map<String, Object> named(String name) {
        return Map.of("name", name, "domain", Map.of("id", "default"));
    }

    private String token(Map<String, ?> auth) {
        return token(url(), auth);
    }

    private String token(String at, Map<String, ?> auth) {
        HttpResponse<String> answer = send(at + "/auth/tokens", "", "", "POST", Map.of("auth", auth));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.headers().firstValue("X-Subject-Token").orElseThrow();
    }

    private JsonNode request(String token, String method, String path, Map<String, ?> body) {
        HttpResponse<String> answer = send(url() + path, token, "", method, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    }

    private HttpResponse<String> send(String to, String token, String subject, String method, Map<String, ?> body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(to))
                .header("Content-Type", "application/json")
                .method(method, body == null
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        if (!subject.isEmpty()) {
            request.header("X-Subject-Token", subject);
        }
        // a connection of its own: the server of the test closes each, and not all at a good moment
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        services.forEach(PythonService::close);
        database.close();
    }
}
