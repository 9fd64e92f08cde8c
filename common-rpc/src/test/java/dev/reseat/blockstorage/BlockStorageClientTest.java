package dev.reseat.blockstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against real HTTP: Keystone's and block storage's parts that matter, made by hand. */
final class BlockStorageClientTest {
    private static final String REQUEST = "req-1";
    private static final Deadline SOON = Deadline.never();

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private HttpServer server;
    private String base;
    private volatile ToIntFunction<HttpExchange> volumes = _ -> 202;
    private volatile String body = "";
    private volatile Runnable identity = () -> {};

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/identity/v3/auth/tokens", this::token);
        server.createContext("/volume/v3/p1", this::volume);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        identity.run();
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean known = request.contains("\"password\":\"geheim\"") && request.contains("\"name\":\"nova\"")
                && request.contains("\"domain\":{\"id\":\"default\"}") && request.contains("\"name\":\"service\"");
        exchange.getResponseHeaders().add("X-Subject-Token", "token-" + tokens.incrementAndGet());
        send(exchange, known ? 201 : 401, """
                {"token": {"expires_at": "2999-01-01T00:00:00.000000Z", "project": {"id": "p1"}, "catalog": [
                 {"type": "compute", "name": "nova", "endpoints": []},
                 {"type": "volumev3", "name": "cinderv3", "endpoints": [
                  {"interface": "internal", "region_id": "R1", "url": "http://nowhere.invalid"},
                  {"interface": "public", "region_id": "R2", "url": "http://nowhere.invalid"},
                  {"interface": "public", "region_id": "R1", "url": "%s/volume/v3/p1/"}]}]}}""".formatted(base));
    }

    private void volume(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("X-Auth-Token") + " "
                + exchange.getRequestHeaders().getFirst("X-Service-Token"));
        exchange.getRequestBody().readAllBytes();
        send(exchange, volumes.applyAsInt(exchange), body);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private BlockStorageClient client(String more) {
        return new BlockStorageClient(BlockStorageConfig.from(Settings.parse("""
                [cinder]
                auth_type = password
                auth_url = %s/identity
                username = nova
                password = geheim
                project_name = service
                os_region_name = R1
                timeout = 5
                """.formatted(base) + more)));
    }

    @Test
    void anAttachmentIsMadeOnceAndCompleted() {
        var client = client("");
        body = "{\"attachment\": {\"id\": \"a9\"}}";

        assertThat(client.createAttachment(REQUEST, "v1", "i1", SOON)).isEqualTo("a9");
        client.completeAttachment(REQUEST, "a9", SOON);

        volumes = _ -> 500;
        assertThatThrownBy(() -> client.createAttachment(REQUEST, "v1", "i1", SOON))
                .isInstanceOf(BlockStorageException.Refused.class);
        assertThat(asked).containsExactly(
                "POST /volume/v3/p1/attachments token-1 token-1",
                "POST /volume/v3/p1/attachments/a9/action token-1 token-1",
                "POST /volume/v3/p1/attachments token-1 token-1");
    }

    @Test
    void anAnswerWithoutAnIdLeavesTheOutcomeUnknown() {
        var client = client("");
        for (String answer : List.of("", "{}", "{\"attachment\": []}", "<html>")) {
            body = answer;
            assertThatThrownBy(() -> client.createAttachment(REQUEST, "v1", "i1", SOON)).as(answer)
                    .isInstanceOf(BlockStorageException.OutcomeUnknown.class);
        }
    }

    @Test
    void findsBlockStorageInTheCatalogAndKeepsItsToken() {
        var client = client("");
        client.deleteAttachment(REQUEST, "a1", SOON);
        client.rollDetaching(REQUEST, "v1", SOON);
        assertThat(asked).containsExactly(
                "DELETE /volume/v3/p1/attachments/a1 token-1 token-1",
                "POST /volume/v3/p1/volumes/v1/action token-1 token-1");
    }

    @Test
    void anAttachmentIsConnectedAndTellsHow() {
        volumes = _ -> 200;
        body = """
                {"attachment": {"id": "a1",
                 "connection_info": {"driver_volume_type": "rbd", "hosts": ["192.0.2.1"]}}}""";

        Map<String, Object> info = client("").updateAttachment(REQUEST, "a1", Map.of("host", "h"), SOON);

        assertThat(info).isEqualTo(Map.of("driver_volume_type", "rbd", "hosts", List.of("192.0.2.1")));
        assertThat(asked).containsExactly("PUT /volume/v3/p1/attachments/a1 token-1 token-1");
        body = "<html>";
        assertThatThrownBy(() -> client("").updateAttachment(REQUEST, "a1", Map.of("host", "h"), SOON))
                .isInstanceOf(BlockStorageException.OutcomeUnknown.class);
    }

    @Test
    void aTokenThatIsNotTakenAnyMoreIsRenewedOnce() {
        volumes = exchange -> exchange.getRequestHeaders().getFirst("X-Auth-Token").equals("token-1") ? 401 : 202;
        client("").deleteAttachment(REQUEST, "a1", SOON);
        assertThat(asked).hasSize(2);
        volumes = _ -> 401;
        assertThatThrownBy(() -> client("").deleteAttachment(REQUEST, "a1", SOON))
                .isInstanceOf(BlockStorageException.Refused.class)
                .hasMessageContaining("401");
    }

    @Test
    void aWrongPasswordIsAMatterOfConfiguration() {
        var client = client("password = falsch\n");
        assertThatThrownBy(() -> client.deleteAttachment(REQUEST, "a1", SOON))
                .isInstanceOf(BlockStorageException.Misconfigured.class)
                .hasMessageNotContaining("falsch");
    }

    @Test
    void aCatalogWithoutBlockStorageIsAMatterOfConfiguration() {
        var client = client("catalog_info = block-storage::publicURL\n");
        assertThatThrownBy(() -> client.deleteAttachment(REQUEST, "a1", SOON))
                .isInstanceOf(BlockStorageException.Misconfigured.class)
                .hasMessageContaining("block-storage");
    }

    @Test
    void readsAVolume() {
        volumes = _ -> 200;
        body = "{\"volume\": {\"id\": \"v1\", \"status\": \"in-use\", \"attachments\": ["
                + "{\"attachment_id\": \"a1\", \"server_id\": \"i1\", \"host_name\": \"host-a\"},"
                + "{\"attachment_id\": \"a2\", \"server_id\": null, \"host_name\": null}]}}";
        assertThat(client("").volume(REQUEST, "v1", SOON)).isEqualTo(new CinderVolume("v1", "in-use", List.of(
                new CinderVolume.Attachment("a1", "i1", "host-a"), new CinderVolume.Attachment("a2", "", ""))));
    }

    @Test
    void anAnswerThatIsNoVolumeIsNotTakenForOne() {
        volumes = _ -> 200;
        for (String text : List.of("<html>", "{}", "[]")) {
            body = text;
            assertThatThrownBy(() -> client("").volume(REQUEST, "v1", SOON))
                    .as(text)
                    .isInstanceOf(BlockStorageException.Misconfigured.class);
        }
    }

    @Test
    void saysWhatTheErrorSays() {
        volumes = _ -> 409;
        body = "{\"conflictingRequest\": {\"code\": 409, \"message\": \"Detach volume using the Compute API\"}}";
        assertThatThrownBy(() -> client("").rollDetaching(REQUEST, "v1", SOON))
                .isInstanceOfSatisfying(BlockStorageException.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(409))
                .hasMessageContaining("Detach volume using the Compute API");
    }

    @Test
    void noAnswerInTimeIsAnUnknownOutcome() {
        var hanging = new CountDownLatch(1);
        volumes = _ -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 202;
        };
        assertThatThrownBy(() -> client("timeout = 0.2\n").deleteAttachment(REQUEST, "a1", SOON))
                .isInstanceOf(BlockStorageException.OutcomeUnknown.class);
        hanging.countDown();
    }

    @Test
    void whoeverWaitsForATokenThatAnotherOneAsksForWaitsNoLongerThanHeMay() throws Exception {
        var asking = new CountDownLatch(1);
        var answering = new CountDownLatch(1);
        identity = () -> {
            asking.countDown();
            try {
                answering.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        var client = client("");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> client.deleteAttachment(REQUEST, "a1", SOON));
            assertThat(asking.await(30, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> client.deleteAttachment(REQUEST, "a2", Deadline.after(Duration.ofMillis(200))))
                    .isInstanceOf(BlockStorageException.Unreachable.class)
                    .hasMessageContaining("no time left to get a token");

            answering.countDown();
            first.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void noRequestTakesLongerThanIsLeft() {
        var client = client("timeout = 600\n");
        client.deleteAttachment(REQUEST, "a1", SOON); // has connections and a token now
        var hanging = new CountDownLatch(1);
        volumes = _ -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 500;
        };
        var outer = Deadline.after(Duration.ofMinutes(1));

        assertThatThrownBy(() -> client.deleteAttachment(REQUEST, "a1", outer.within(Duration.ofSeconds(1))))
                .isInstanceOf(BlockStorageException.OutcomeUnknown.class);

        assertThat(outer.isOver()).as("the outer one").isFalse();
        hanging.countDown();
    }

    @Test
    void whatHasNoTimeLeftIsNotAsked() {
        assertThatThrownBy(() -> client("").deleteAttachment(REQUEST, "a1", Deadline.after(Duration.ZERO)))
                .isInstanceOf(BlockStorageException.Unreachable.class);
        assertThat(asked).isEmpty();
        assertThat(tokens).hasValue(0);
    }

    @Test
    void nobodyListeningMeansNothingWasDone() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var client = client("endpoint_template = http://127.0.0.1:" + free + "/v3/%(project_id)s\n");
        assertThatThrownBy(() -> client.deleteAttachment(REQUEST, "a1", SOON))
                .isInstanceOf(BlockStorageException.Unreachable.class)
                .hasMessageContaining("/v3/p1/attachments/a1");
    }

    @Test
    void credentialsAreNotShown() {
        var password = new Credentials.Password(
                URI.create("http://keystone"), Map.of("name", "nova"), "geheim", Map.of("name", "service"));
        assertThat(password.toString()).doesNotContain("geheim");
    }

    @Test
    void wrongSettingsAreRefusedBeforeAnythingStarts() {
        assertRefused("auth_type = noauth\nproject_id = p1\n", "endpoint_template");
        assertRefused("auth_type = noauth\nendpoint_template = http://c/v3\n", "project_id");
        assertRefused("auth_type = noauth\nproject_id = p1\nendpoint_template = c:8776/v3\n", "not a URL");
    }

    private static void assertRefused(String options, String why) {
        assertThatThrownBy(() -> BlockStorageConfig.from(Settings.parse("[cinder]\n" + options)))
                .hasMessageContaining(why);
    }
}
