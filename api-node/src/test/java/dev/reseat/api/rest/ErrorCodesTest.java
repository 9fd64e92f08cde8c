package dev.reseat.api.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.store.StoreException;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Programs go by codes: every error of {@code /reseat/v1} has one, and each is documented. */
class ErrorCodesTest {
    private static final Path DOCUMENTED = Path.of("..", "docs", "error-codes.md");
    private static final Map<String, RuntimeException> REFUSALS = Map.ofEntries(
            Map.entry("NotFound", new ServiceException.NotFound("words")),
            Map.entry("Missing", new ServiceException.NotFound(ErrorCode.INSTANCE_NOT_FOUND, "words")),
            Map.entry("Invalid", new ServiceException.Invalid("words")),
            Map.entry("Conflict", new ServiceException.Conflict("words", "do this")),
            Map.entry("InUse", new ServiceException.Conflict(ErrorCode.VOLUME_IN_USE, "words", "key=hunter2 this")),
            Map.entry("NotImplemented", new ServiceException.NotImplemented("words", "do this")),
            Map.entry("Failed", new ServiceException.Failed("words", "do this", null)),
            Map.entry("Driver", new ServiceException.Failed(ErrorCode.DRIVER_FAILED, "words", "do this", null)),
            Map.entry("Unavailable", new ServiceException.Unavailable("words", null)),
            Map.entry("Unknown", new ServiceException.Unknown("words", "do this", null)),
            Map.entry("StoreUnavailable", new StoreException.Unavailable("words", null)),
            Map.entry("StoreConflict", new StoreException.Conflict("words")),
            Map.entry("StoreUnfit", new StoreException.Unfit("words", null)),
            Map.entry("StoreBroken", new StoreException.Broken("words")),
            Map.entry("Fault", new IllegalStateException("words")));

    private final RestServer server = server(new NoAuth());
    private HttpCalls http;

    @BeforeEach
    void start() {
        server.start();
        http = new HttpCalls(server.port(), "X-Auth-Token", "u1:0a-1", "Accept", "text/html");
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop();
    }

    @ParameterizedTest
    @CsvSource({
            "refused/NotFound, 404, not_found",
            "refused/Missing, 404, instance_not_found",
            "refused/Invalid, 400, invalid_request",
            "refused/Conflict, 409, conflict",
            "refused/InUse, 409, volume_in_use",
            "refused/NotImplemented, 501, not_implemented",
            "refused/Failed, 500, peer_failed",
            "refused/Driver, 500, driver_failed",
            "refused/Unavailable, 503, peer_unreachable",
            "refused/Unknown, 504, outcome_unknown",
            "refused/StoreUnavailable, 503, database_unreachable",
            "refused/StoreConflict, 409, changed_meanwhile",
            "refused/StoreUnfit, 400, invalid_request",
            "refused/StoreBroken, 500, internal_error",
            "refused/Fault, 500, internal_error",
            "nowhere, 404, not_found"})
    void everyErrorHasACode(String path, int status, String code) {
        Answer answer = http.get("/reseat/v1/" + path);

        assertThat(answer.status()).isEqualTo(status);
        JsonNode error = answer.json().path(HttpFault.key(status));
        assertThat(error.path("code").intValue()).isEqualTo(status);
        assertThat(error.path("error").stringValue()).isEqualTo(code);
        assertThat(error.path("message").stringValue()).isNotBlank().doesNotContain("Next:");
    }

    @Test
    void theNextCommandStandsApartAndShowsNoSecret() {
        JsonNode error = http.get("/reseat/v1/refused/InUse").json().path("conflictingRequest");
        JsonNode cinders = http.get("/v3/refused/Conflict").json().path("conflictingRequest");

        assertThat(error.path("message").stringValue()).isEqualTo("words");
        assertThat(error.path("next").stringValue()).isEqualTo("key=*** this");
        assertThat(cinders.path("message").stringValue()).isEqualTo("words Next: do this");
        assertThat(cinders.propertyNames()).containsExactlyInAnyOrder("code", "message");
    }

    @Test
    void whatNeverGetsToAResourceHasACodeToo() {
        assertThat(code(http.post("/reseat/v1/things", "{"))).isEqualTo("invalid_request");
        assertThat(code(http.post("/reseat/v1/things", " ".repeat(114_689)))).isEqualTo("request_too_large");
        assertThat(code(http.send("POST", "/reseat/v1/things", BodyPublishers.ofString("x"), "Content-Type", "a/b")))
                .isEqualTo("unsupported_media_type");
        RestServer strict = server(new RefuseAll());
        strict.start();
        try (var nobody = new HttpCalls(strict.port())) {
            Answer answer = nobody.get("/reseat/v1/things");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().path("error").path("error").stringValue()).isEqualTo("unauthenticated");
        } finally {
            strict.stop();
        }
    }

    /** Half a megabyte does not fit into what the kernel keeps for a socket: closing at once would reset it. */
    @ParameterizedTest
    @CsvSource({"Content-Length: 600000, ''", "Transfer-Encoding: chunked, '927c0\r\n'"})
    void whoSendsTooMuchSeesTheAnswerAlthoughHeIsStillSending(String header, String before) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /reseat/v1/things HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: u:0a-1\r\n"
                    + "Content-Type: application/json\r\n" + header + "\r\n\r\n" + before)
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(" ".repeat(600_000).getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("request_too_large");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "GET /reseat/v1/%zz HTTP/1.1 | Host: localhost | 400 | invalid_request",
            "GET /reseat/v1/things HTTP/1.1 | X: {long} | 431 | headers_too_large",
            "GET /reseat/v1/things HTTP/1.1 | No header | 400 | invalid_request"})
    void whatIsNoProperRequestHasACodeToo(String line, String header, int status, String code) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            String head = line + "\r\nX-Auth-Token: u:0a-1\r\n" + header.replace("{long}", "x".repeat(20_000))
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
            JsonNode error =
                    JsonMapper.shared().readTree(answer.substring(answer.indexOf("\r\n\r\n"))).iterator().next();
            assertThat(error.path("code").intValue()).isEqualTo(status);
            assertThat(error.path("error").stringValue()).isEqualTo(code);
        }
    }

    @Test
    void everyCodeIsDocumentedAsItIs() throws IOException {
        List<String> rows = Files.readAllLines(DOCUMENTED).stream().filter(line -> line.startsWith("| `")).toList();

        assertThat(rows).isEqualTo(Stream.of(ErrorCode.values())
                .map(code -> "| `" + code.text() + "` | " + code.status() + " | " + code.meaning() + " |")
                .toList());
    }

    @Test
    void aCodeOfAnotherKindIsAFaultOfTheProgram() {
        assertThatThrownBy(() -> new ServiceException.NotFound(ErrorCode.WRONG_HOST, "words"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String code(Answer answer) {
        return answer.json().path(HttpFault.key(answer.status())).path("error").stringValue();
    }

    private static RestServer server(Authenticator authenticator) {
        return new RestServer(
                RestConfig.from(Settings.parse("[api]\nauth_strategy = noauth\nport = 0")),
                authenticator,
                new SimpleMeterRegistry(),
                Set.of(ErrorCodesTest::register));
    }

    private static void register(Routes routes) {
        for (Api api : List.of(Api.RESEAT, Api.CINDER)) {
            routes.get(api, "/refused/{how}", exchange -> {
                throw REFUSALS.get(exchange.path("how"));
            }).post(api, "/things", exchange -> exchange.json(200, Map.of()));
        }
    }
}
