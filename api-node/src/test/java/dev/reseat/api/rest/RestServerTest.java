package dev.reseat.api.rest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.store.StoreException;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Service.Drained;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What every request meets, whatever it asks for. */
class RestServerTest {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String NO_RESOURCE = "The resource could not be found.";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CompletableFuture<RequestContext> seen = new CompletableFuture<>();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CompletableFuture<Void> leave = new CompletableFuture<>();
    private RestServer server;
    private HttpCalls http;

    @BeforeEach
    void start() {
        server = new RestServer(config(""), new NoAuth(), meters, Set.of(this::register));
        server.start();
        http = new HttpCalls(server.port(), "X-Auth-Token", "u1:0a-1", "Accept", "application/json");
    }

    @AfterEach
    void stop() {
        leave.complete(null);
        http.close();
        server.stop();
    }

    @Test
    void everyAnswerHasARequestIdUnderBothNames() {
        Answer answer = http.get("/v3/nothing");

        assertThat(answer.header("X-Openstack-Request-Id")).matches("req-" + UUID);
        assertThat(answer.header("X-Compute-Request-Id")).isEqualTo(answer.header("X-Openstack-Request-Id"));
    }

    @Test
    void theRequestIdOfTheCallerIsKeptBesideOurOwn() {
        String theirs = "req-11111111-2222-4333-8444-555555555555";

        Answer answer = http.get("/v3/things", "X-OpenStack-Request-ID", theirs);

        RequestContext context = seen.join();
        assertThat(context.values()).containsEntry("global_request_id", theirs);
        assertThat(context.requestId()).contains(answer.header("X-Openstack-Request-Id"));
        assertThat(context.requestId()).isNotEqualTo(Optional.of(theirs));
    }

    @Test
    void whatIsNoRequestIdIsNotKept() {
        http.get("/v3/things", "X-OpenStack-Request-ID", "req-evil\u00e9");

        assertThat(seen.join().values()).containsEntry("global_request_id", null);
    }

    @Test
    void noauthBelievesTheTokenAndMakesEverybodyAnAdministrator() {
        http.get("/v3/0a-1/things", "X-Roles", "member", "X-Service-Roles", "service");

        RequestContext context = seen.join();
        assertThat(context.userId()).contains("u1");
        assertThat(context.projectId()).contains("0a-1");
        assertThat(context.isAdmin()).isTrue();
        assertThat(context.values())
                .containsEntry("roles", List.of("member", "admin"))
                .containsEntry("service_roles", List.of("service"))
                .containsEntry("auth_token", "u1:0a-1");
    }

    @Test
    void noauthOffersATokenToWhoHasNone() {
        try (var stranger = new HttpCalls(server.port())) {
            Answer answer = stranger.get("/v3/");

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("X-Auth-Token")).isEqualTo("admin:admin");
            assertThat(answer.header("X-Server-Management-Url")).isEqualTo(http.base() + "/v3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v3/nothing", "/v3/things/1/2/3", "/v3/zz/things", "/nothing", "/v2.1/nothing"})
    void unknownRoutesAreAPageInTheFormAskedFor(String path) {
        Answer json = http.get(path);
        Answer html = http.get(path, "Accept", "*/*");
        Answer text = http.get(path, "Accept", "text/plain");

        assertThat(json.status()).isEqualTo(404);
        assertThat(json.body())
                .isEqualTo("{\"message\":\"" + NO_RESOURCE + "<br /><br />\\n\\n\\n\",\"code\":\"404 Not Found\","
                        + "\"title\":\"Not Found\"}");
        assertThat(html.status()).isEqualTo(404);
        assertThat(html.header("Content-Type")).startsWith("text/html");
        assertThat(html.body()).contains("<h1>404 Not Found</h1>\n  " + NO_RESOURCE);
        assertThat(text.body()).startsWith("404 Not Found\n\n" + NO_RESOURCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
    void anotherMethodIsAnotherRoute(String method) {
        assertThat(http.send(method, "/v3/things", BodyPublishers.noBody()).status()).isEqualTo(404);
    }

    @Test
    void aProjectThatIsNotTheTokensIsRefused() {
        assertThat(http.get("/v3/ffff/things").message("badRequest")).isEqualTo("Malformed request url");
        assertThat(http.get("/v2.1/ffff/servers").message("badRequest"))
                .isEqualTo("Malformed request URL: URL's project_id 'ffff' doesn't match Context's project_id '0a-1'");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "-, 3.0",
            "volume 3.27, 3.27",
            "volume latest, 3.70",
            "'compute 2.90,volume 3.7', 3.7",
    })
    void theMicroversionIsTheOneAskedFor(String header, String version) {
        Answer answer =
                header == null ? http.get("/v3/things") : http.get("/v3/things", "OpenStack-API-Version", header);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("version").stringValue()).isEqualTo(version);
        assertThat(answer.header("OpenStack-API-Version")).isEqualTo("volume " + version);
        assertThat(answer.header("Vary")).isEqualTo("OpenStack-API-Version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"compute 2.90", "3.7", "volume", "volume 3.1 x"})
    void aVersionThatIsNotForUsIsMalformed(String header) {
        assertThat(http.get("/v3/things", "OpenStack-API-Version", header).message("badRequest"))
                .startsWith("The server could not comply with the request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "3", "3.070", "03.1", "3.99999999999999"})
    void aVersionMustLookLikeOne(String version) {
        assertThat(http.get("/v3/things", "OpenStack-API-Version", "volume " + version).message("badRequest"))
                .isEqualTo("API Version String " + version
                        + " is of invalid format. Must be of format MajorNum.MinorNum.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.99", "2.0"})
    void aVersionMustBeServed(String version) {
        Answer answer = http.get("/v3/things", "OpenStack-API-Version", "volume " + version);

        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.message("computeFault"))
                .isEqualTo("Version " + version + " is not supported by the API. Minimum is 3.0 and maximum is 3.70.");
    }

    @Test
    void novaHasItsOwnVersionsAndStillReadsItsOldHeader() {
        Answer old = http.get("/v2.1/servers", "X-OpenStack-Nova-API-Version", "2.70");
        Answer foreign = http.get("/v2.1/servers", "OpenStack-API-Version", "volume 3.7");

        assertThat(old.header("OpenStack-API-Version")).isEqualTo("compute 2.70");
        assertThat(old.header("X-OpenStack-Nova-API-Version")).isEqualTo("2.70");
        assertThat(old.header("Vary")).isEqualTo("OpenStack-API-Version, X-OpenStack-Nova-API-Version");
        assertThat(foreign.header("OpenStack-API-Version")).isEqualTo("compute 2.1");
        assertThat(http.get("/v2.1/servers", "OpenStack-API-Version", "compute 2.999").message("computeFault"))
                .isEqualTo("Version 2.999 is not supported by the API. Minimum is 2.1 and maximum is 2.93.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\": 1} x", "nul", "{'a': 1}", "{\"a\": 1"})
    void whatIsNoJsonIsMalformed(String body) {
        assertThat(http.post("/v3/things", body).message("badRequest")).isEqualTo("Malformed request body");
    }

    @Test
    void bodiesNestedTooDeepAreMalformed() {
        assertThat(http.post("/v3/things", "[".repeat(50_000)).message("badRequest"))
                .isEqualTo("Malformed request body");
    }

    @Test
    void aBodyMustBeJson() {
        assertThat(http.post("/v3/things", "a=1", "Content-Type", "application/x-www-form-urlencoded")
                .message("badMediaType"))
                .isEqualTo("Unsupported Content-Type");
        assertThat(http.post("/v3/things", "{}", "Content-Type", "application/json; charset=UTF-8").status())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() {
        byte[] large = " ".repeat(114_689).getBytes(StandardCharsets.UTF_8);

        Answer said =
                http.send("POST", "/v3/things", BodyPublishers.ofByteArray(large), "Content-Type", "application/json");
        Answer unsaid = http.send(
                "POST",
                "/v3/things",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
                "Content-Type",
                "application/json");

        assertThat(said.status()).isEqualTo(413);
        assertThat(said.body()).contains("Request is too large.").contains("413 Request Entity Too Large");
        assertThat(unsaid.status()).isEqualTo(413);
        assertThat(http.post("/v3/things", " ".repeat(114_686) + "{}").status()).isEqualTo(200);
    }

    @Test
    void refusalsOfTheServiceKeepTheirWordsAndSayWhatToDo() {
        assertThat(http.get("/v3/refused/NotFound").message("itemNotFound")).isEqualTo("words");
        assertThat(http.get("/v3/refused/Invalid").message("badRequest")).isEqualTo("words");
        assertThat(http.get("/v3/refused/Conflict").message("conflictingRequest")).isEqualTo("words Next: do this");
        assertThat(http.get("/v3/refused/NotImplemented").message("notImplemented")).isEqualTo("words Next: do this");
        assertThat(http.get("/v3/refused/Failed").message("computeFault")).isEqualTo("words Next: do this");
        assertThat(http.get("/v3/refused/Unavailable").message("serviceUnavailable")).isEqualTo("words");
        Answer unknown = http.get("/v3/refused/Unknown");
        assertThat(unknown.status()).isEqualTo(504);
        assertThat(unknown.message("computeFault")).isEqualTo("words Next: do this");
    }

    @Test
    void aDatabaseThatIsAwayIsSaidWithoutItsAddress() {
        Answer down = http.get("/v3/refused/StoreUnavailable");

        assertThat(down.status()).isEqualTo(503);
        assertThat(down.message("serviceUnavailable"))
                .isEqualTo("The database cannot be reached now. Try again later.");
        assertThat(http.get("/v3/refused/StoreConflict").status()).isEqualTo(409);
        assertThat(http.get("/v3/refused/StoreBroken").message("computeFault")).doesNotContain("db.example.org");
    }

    @Test
    void whatNobodyExpectedIsNotTold() {
        Answer answer = http.get("/v3/broken");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("hunter2");
        assertThat(answer.message("computeFault"))
                .isEqualTo("The server has either erred or is incapable of performing the requested operation.");
    }

    @Test
    void requestsAreCountedByRouteAndStatus() {
        http.get("/v3/refused/NotFound");

        assertThat(meters.get("http.server.requests")
                .tags("uri", "/v3/refused/{how}", "status", "404", "method", "GET")
                .timer()
                .count())
                .isEqualTo(1);
    }

    @Test
    void aDrainWaitsForWhoIsInsideAndLetsNobodyIn() throws Exception {
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(() -> http.get("/v3/slow"));
        assertThat(inside.await(10, SECONDS)).isTrue();
        CompletableFuture<Drained> drained =
                CompletableFuture.supplyAsync(() -> server.drain(Duration.ofSeconds(10)));

        Answer late = http.get("/v3/things");
        while (late.status() == 200) {
            late = http.get("/v3/things");
        }

        assertThat(late.message("serviceUnavailable")).isEqualTo("This server is being stopped.");
        assertThat(drained).isNotDone();
        leave.complete(null);
        assertThat(slow.get(10, SECONDS).status()).isEqualTo(200);
        assertThat(drained.get(10, SECONDS)).isEqualTo(Drained.CLEAN);
    }

    @Test
    void aDrainGivesUpWhenTheTimeIsOver() throws Exception {
        CompletableFuture<Answer> slow = CompletableFuture.supplyAsync(() -> http.get("/v3/slow"));
        assertThat(inside.await(10, SECONDS)).isTrue();

        assertThat(server.drain(Duration.ofMillis(10))).isEqualTo(Drained.FORCED);
        leave.complete(null);
        slow.get(10, SECONDS);
    }

    @Test
    void aTakenPortIsAnErrorAtStart() {
        var second =
                new RestServer(config("port = " + server.port()), new NoAuth(), new SimpleMeterRegistry(), Set.of());

        assertThatThrownBy(second::start).isInstanceOf(RuntimeException.class);
        second.stop();
    }

    private static RestConfig config(String more) {
        return RestConfig
                .from(Settings.parse("[api]\nauth_strategy = noauth\n" + (more.isEmpty() ? "port = 0" : more)));
    }

    private void register(Routes routes) {
        routes.get(Api.CINDER, "/things", this::things)
                .post(Api.CINDER, "/things", this::things)
                .get(Api.NOVA, "/servers", this::things)
                .get(Api.CINDER, "/refused/{how}", exchange -> {
                    throw refusals().get(exchange.path("how"));
                })
                .get(Api.CINDER, "/broken", _ -> {
                    throw new IllegalStateException("password=hunter2");
                })
                .get(Api.CINDER, "/slow", exchange -> {
                    inside.countDown();
                    leave.orTimeout(20, SECONDS).join();
                    exchange.json(200, Map.of());
                })
                .at(Api.CINDER, "GET", "/v3/", exchange -> exchange.json(200, Map.of()));
    }

    private void things(Exchange exchange) {
        seen.complete(exchange.context());
        exchange.json(200, Map.of("version", exchange.version().toString()));
    }

    private static Map<String, RuntimeException> refusals() {
        Map<String, RuntimeException> refusals = new LinkedHashMap<>();
        refusals.put("NotFound", new ServiceException.NotFound("words"));
        refusals.put("Invalid", new ServiceException.Invalid("words"));
        refusals.put("Conflict", new ServiceException.Conflict("words", "do this"));
        refusals.put("NotImplemented", new ServiceException.NotImplemented("words", "do this"));
        refusals.put("Failed", new ServiceException.Failed("words", "do this", null));
        refusals.put("Unavailable", new ServiceException.Unavailable("words", null));
        refusals.put("Unknown", new ServiceException.Unknown("words", "do this", null));
        refusals.put("StoreUnavailable", new StoreException.Unavailable("db.example.org: refused", null));
        refusals.put("StoreConflict", new StoreException.Conflict("db.example.org: deadlock"));
        refusals.put("StoreBroken", new StoreException.Broken("db.example.org: no such table"));
        return refusals;
    }

    /** With the configuration that is delivered, and everything logged that can be. */
    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void noTokenIsLoggedAtAnyLevel() throws Exception {
        var written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            configure(context, Path.of("..", "deploy", "etc", "logback.xml").toUri().toURL());
            context.getLogger("ROOT").setLevel(Level.TRACE);
            try (var caller = new HttpCalls(server.port(), "X-Auth-Token", "SECRETuser:SECRETproject")) {
                caller.get("/v3/things?key=SECRETkey");
            }
        } finally {
            configure(context, RestServerTest.class.getResource("/logback-test.xml"));
            System.setErr(before);
        }

        assertThat(written.toString(StandardCharsets.UTF_8)).contains("things 200").doesNotContain("SECRET");
    }

    private static void configure(LoggerContext context, URL file) throws Exception {
        context.reset();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(file);
    }
}
