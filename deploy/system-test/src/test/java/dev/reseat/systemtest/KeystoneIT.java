package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RabbitBroker;
import dev.reseat.testing.RoleRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of token that a real Keystone issues, at every endpoint; and how our commands log in to it. */
@Tag("broker")
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeystoneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** In the order of the columns below. */
    private static final List<String> WHO = List.of(
            "admin", "member", "reader", "service", "system", "application", "foreign", "stale", "revoked", "nobody");

    /** Whom of the api-node's table of roles each is like; the others are nobody. */
    private static final Map<String, String> LIKE = Map.of(
            "admin", "admin", "member", "member", "reader", "reader", "service", "service", "system", "system-admin",
            "application", "member", "foreign", "foreign");
    private static final List<Integer> REFUSED = List.of(401, 403, 404);

    private final CloudFixture rows = CloudFixture.open();
    private final Map<String, String> tokens = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = LoopbackPorts.reserve();
    private Keystone keystone;
    private ServiceProcess node;
    private Path directory;
    private String project;
    private List<String> credential;

    @BeforeAll
    void start() throws Exception {
        directory = Files.createDirectories(Path.of(System.getProperty("basedir", ""), "target", "clouds",
                "identity-" + UUID.randomUUID().toString().substring(0, 8)).toAbsolutePath());
        keystone = Keystone.start();
        project = keystone.project("demo");
        String services = keystone.project("service");
        keystone.user("reseat", services, "admin", "service");
        keystone.user("nova", services, "service");
        keystone.user("boss", project, "admin");
        String member = keystone.user("joe", project, "member");
        keystone.user("eve", project, "reader");
        keystone.user("agent", project, "service");
        String another = keystone.project("other");
        keystone.user("stranger", another, "member");
        keystone.service("volume-repair", endpoint());
        node = new ServiceProcess("reseat-api-node", directory, settings()).launch();
        tokens.put("admin", keystone.projectToken("boss", project));
        tokens.put("member", keystone.projectToken("joe", project));
        tokens.put("reader", keystone.projectToken("eve", project));
        tokens.put("service", keystone.projectToken("agent", project));
        tokens.put("system", keystone.systemToken("admin"));
        credential = keystone.applicationCredential(member, tokens.get("member"));
        tokens.put("application", keystone.applicationToken(credential));
        tokens.put("foreign", keystone.projectToken("stranger", another));
        tokens.put("stale", keystone.hastyToken("joe", project));
        tokens.put("revoked", keystone.projectToken("joe", project));
        tokens.put("nobody", "gAAAAAnobodys");
        node.awaitStarted();
        keystone.revoke(tokens.get("revoked"));
        await(() -> !keystone.believes(tokens.get("stale")));
    }

    @AfterAll
    void stop() {
        if (node != null) {
            node.close();
        }
        if (keystone != null) {
            keystone.close();
        }
        http.shutdownNow();
        rows.close();
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    private String settings() {
        return """
                [DEFAULT]
                transport_url = %s
                host = api-%s
                [api]
                port = %d
                [keystone_authtoken]
                auth_url = %s
                username = reseat
                password = %s
                project_name = service
                token_cache_time = 15
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [reseat]
                probe_timeout = 5
                [monitor]
                port = 0
                """.formatted(RabbitBroker.running().transportUrl(), directory.getFileName(), port, keystone.url(),
                Keystone.PASSWORD, url(rows.databases().cinder()), url(rows.databases().nova()));
    }

    private static String url(DatabaseUrl url) {
        return "postgresql://" + url.user().orElseThrow() + "@" + url.server() + "/" + url.database();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
        }
    }

    private int send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint() + path))
                .header("OpenStack-API-Version", "volume 3.54")
                .header("Content-Type", "application/json")
                .headers(headers)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    /**
     * Columns: admin, member, reader, service, system admin, application credential of the member, member of another
     * project, expired, revoked, no token of Keystone's.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "GET    | /v3/volumes                    | -        | 200 200 200 200 200 200 200 401 401 401",
            "GET    | /v3/volumes/detail             | -        | 200 200 200 200 200 200 200 401 401 401",
            "GET    | /v3/{project}/volumes          | -        | 200 200 200 200 400 200 400 401 401 401",
            "GET    | /v3/volumes/{volume}           | -        | 200 200 200 200 200 200 404 401 401 401",
            "POST   | /v3/volumes/{volume}/action    | reset    | 202 403 403 403 202 403 404 401 401 401",
            "POST   | /v3/volumes/{volume}/action    | roll     | 202 202 403 202 202 202 404 401 401 401",
            "GET    | /v3/attachments                | -        | 200 200 200 200 200 200 200 401 401 401",
            "POST   | /v3/attachments                | reserve  | 200 200 403 200 200 200 404 401 401 401",
            "GET    | /v3/attachments/{attachment}   | -        | 200 200 200 200 200 200 404 401 401 401",
            "DELETE | /v3/attachments/{reserved}     | -        | 200 200 403 200 200 200 404 401 401 401",
            "POST   | /v3/attachments/{attachment}/action | complete | 204 204 403 204 204 204 404 401 401 401",
            "GET    | /v2.1/servers/{server}/os-volume_attachments | - | 200 200 200 200 200 200 404 401 401 401",
            "GET    | /reseat/v1/block-device-mappings?instance={server} | - | 200 403 403 403 200 403 403 401 401 401",
            "POST   | /reseat/v1/volumes/{volume}/reset | state | 200 403 403 403 200 403 403 401 401 401",
            "POST   | /reseat/v1/diagnoses           | volumes  | 200 403 403 403 200 403 403 401 401 401",
            "POST   | /reseat/v1/volumes/{volume}/repair | dry  | 409 403 403 403 409 403 403 401 401 401",
            "GET    | /reseat/v1/journal?subject={volume} | -   | 200 403 403 403 200 403 403 401 401 401",
            "GET    | /reseat/v1/jobs                | -        | 200 403 403 403 200 403 403 401 401 401",
    })
    void everyTokenMayDoWhatItMay(String method, String path, String body, String statuses) throws Exception {
        List<String> got = new ArrayList<>();
        for (String who : WHO) {
            Map<String, String> things = things();
            String filled = path;
            for (var thing : things.entrySet()) {
                filled = filled.replace("{" + thing.getKey() + "}", thing.getValue());
            }
            got.add(Integer.toString(send(method, filled, body(body, things), "X-Auth-Token", tokens.get(who))));
        }

        assertThat(String.join(" ", got)).isEqualTo(statuses);
    }

    /** That table has every endpoint. What becomes of a request that is let in is asked elsewhere. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("dev.reseat.testing.RoleRequest#all")
    void everyEndpointLetsInWhomItShould(RoleRequest request) throws Exception {
        for (String who : WHO) {
            RoleRequest filled = request.aboutNewThings(rows, project);
            int status = send(filled.method(), filled.path(), filled.body(), "X-Auth-Token", tokens.get(who));
            int expected = LIKE.containsKey(who) ? request.status(LIKE.get(who)) : 401;
            if (REFUSED.contains(expected)) {
                assertThat(status).as(who).isEqualTo(expected);
            } else {
                assertThat(status).as(who).isNotIn(REFUSED);
            }
        }
    }

    private Map<String, String> things() {
        String volume = rows.volume(Map.of("status", "available", "project_id", project));
        String attached = rows.volume(Map.of("status", "in-use", "attach_status", "attached", "project_id", project));
        String server = rows.instance(Map.of("project_id", project));
        return Map.of(
                "project", project, "volume", volume, "server", server,
                "attachment", rows.attachment(
                        attached, Map.of("attach_status", "attaching", "connector", "{\"host\": \"host-a\"}")),
                "reserved", rows.attachment(volume, Map.of("attach_status", "reserved")));
    }

    private static String body(String name, Map<String, String> things) {
        return switch (name == null ? "" : name) {
            case "reset" -> "{\"os-reset_status\": {\"status\": \"error\"}}";
            case "roll" -> "{\"os-roll_detaching\": null}";
            case "reserve" -> "{\"attachment\": {\"volume_uuid\": \"" + things.get("volume") + "\"}}";
            case "complete" -> "{\"os-complete\": null}";
            case "state" -> "{\"status\": \"error\"}";
            case "volumes" -> "{\"volumes\": [\"" + things.get("volume") + "\"]}";
            case "dry" -> "{\"dry_run\": true}";
            default -> "";
        };
    }

    @Test
    @Tag("slow")
    void aRevokedTokenIsBelievedNoLongerThanTheCacheKeepsIt() throws Exception {
        String token = keystone.projectToken("joe", project);
        assertThat(send("GET", "/v3/volumes", "", "X-Auth-Token", token)).isEqualTo(200);

        keystone.revoke(token);

        long end = System.nanoTime() + PATIENCE.toNanos();
        while (send("GET", "/v3/volumes", "", "X-Auth-Token", token) == 200) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
        }
        assertThat(send("GET", "/v3/volumes", "", "X-Auth-Token", token)).isEqualTo(401);
    }

    @Test
    void aServiceMayPassOnATokenThatHasExpired() throws Exception {
        String service = keystone.projectToken("agent", project);

        assertThat(send("GET", "/v3/volumes", "", "X-Auth-Token", tokens.get("stale"), "X-Service-Token", service))
                .isEqualTo(200);
        assertThat(send("GET", "/v3/volumes", "", "X-Auth-Token", tokens.get("stale"), "X-Service-Token",
                tokens.get("member"))).isEqualTo(401);
        assertThat(send("GET", "/v3/volumes", "", "X-Auth-Token", tokens.get("member"), "X-Service-Token",
                tokens.get("nobody"))).isEqualTo(401);
    }

    private Map<String, String> openrc() {
        Map<String, String> variables = new HashMap<>(Map.of(
                "OS_AUTH_URL", keystone.url(), "OS_USERNAME", "boss", "OS_PASSWORD", Keystone.PASSWORD,
                "OS_PROJECT_ID", project, "OS_USER_DOMAIN_ID", "default", "OS_REGION_NAME", "RegionOne",
                "OS_IDENTITY_API_VERSION", "3", "HOME", directory.toString()));
        variables.put("LC_ALL", "C.UTF-8");
        return variables;
    }

    private static Program reseat(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>(List.of(Distribution.program("reseat").toString()));
        command.addAll(List.of(words));
        return Program.run(environment, command);
    }

    @Test
    void ourCommandLogsInAndFindsTheApiNodeInTheCatalog() throws Exception {
        String volume = rows.volume(Map.of("status", "error", "project_id", project));
        Map<String, String> environment = openrc();

        Program byVariables = reseat(environment, "volume", "show", volume);
        byVariables.assertSucceeded();
        assertThat(byVariables.out()).contains(volume);

        Files.writeString(directory.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth_type: v3applicationcredential
                    auth:
                      auth_url: %s
                      application_credential_id: %s
                      application_credential_secret: %s
                """.formatted(keystone.url(), credential.get(0), credential.get(1)));
        Map<String, String> cloud = Map.of("OS_CLIENT_CONFIG_FILE", directory.resolve("clouds.yaml").toString());
        reseat(cloud, "--os-cloud", "ours", "volume", "show", volume).assertSucceeded();
        Program refused = reseat(cloud, "--os-cloud", "ours", "journal", "show", volume);
        assertThat(refused.code()).as(refused.err()).isEqualTo(11);
        assertThat(refused.err()).contains("reseat:journal:list");

        Program token = reseat(Map.of("OS_AUTH_URL", keystone.url(), "OS_TOKEN", tokens.get("admin")),
                "volume", "show", volume);
        token.assertSucceeded();

        environment.put("OS_PASSWORD", "wrong");
        Program wrong = reseat(environment, "volume", "show", volume);
        assertThat(wrong.code()).isEqualTo(11);
        assertThat(wrong.err()).contains("Keystone does not accept the login");
    }

    @Test
    @Tag("slow")
    void openstackHasOurCommandsByThePlugin() throws Exception {
        Path plugin = directory.resolve("plugin");
        Program.run("cp", "-r", Path.of("..", "openstackclient").toString(), plugin.toString()).assertSucceeded();
        Program.run("sh", "-c", "cd " + plugin + " && /usr/bin/python3 -c 'from setuptools import setup; setup()'"
                + " -q egg_info").assertSucceeded();
        String volume = rows.volume(Map.of("status", "error", "display_name", "stuck", "project_id", project));
        Map<String, String> environment = openrc();
        environment.put("PYTHONPATH", plugin.toString());

        Program diagnosed = openstack(environment, "diagnose", "-f", "value", "-c", "Volume", "stuck");
        diagnosed.assertSucceeded();
        assertThat(diagnosed.out().strip()).isEqualTo(volume);
        Program reset = openstack(environment, "reset", "--state", "maintenance", "-f", "json", volume);
        reset.assertSucceeded();
        assertThat(reset.out()).contains("\"after\": \"maintenance\"");
        Program refused = openstack(environment, "refresh", UUID.randomUUID().toString(), volume);
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("could not be found");
    }

    private static Program openstack(Map<String, String> environment, String... words) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openstack", "volume", "repair"));
        command.addAll(List.of(words));
        return Program.run(environment, command);
    }
}
