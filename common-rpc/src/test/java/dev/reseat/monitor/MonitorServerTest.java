package dev.reseat.monitor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Settings;
import dev.reseat.runtime.TrustedCertificates;
import dev.reseat.testing.Openssl;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MonitorServerTest {
    private static final MonitorConfig ANY_PORT = new MonitorConfig(true, "127.0.0.1", 0, Optional.empty());

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Health> database = new AtomicReference<>(Health.up("12 ms"));
    private final HttpClient client = HttpClient.newHttpClient();
    private MonitorServer server = started(new HealthCheck("database", database::get));

    @AfterEach
    void stop() {
        server.stop();
        client.close();
        meters.close();
    }

    @Test
    void isScrapedInPrometheusForm() throws Exception {
        meters.counter("reseat.calls", "method", "reset_status").increment(3);

        HttpResponse<String> answer = get("/metrics", "*/*");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(type(answer)).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains("reseat_calls_total{method=\"reset_status\"} 3.0\n")
                .contains("# TYPE reseat_calls_total counter\n")
                .contains("jvm_memory_used_bytes{")
                .contains("process_uptime_seconds ")
                .contains("process_files_open_files ")
                .doesNotContain("# EOF");
    }

    @Test
    void isScrapedInOpenMetricsFormByWhoeverPrefersIt() throws Exception {
        meters.counter("reseat.calls").increment();

        HttpResponse<String> answer = get(
                "/metrics",
                "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1");

        assertThat(type(answer)).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body()).contains("# TYPE reseat_calls counter\n").endsWith("# EOF\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "text/plain",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;q=0.1, */*;q=0.2",
            "application/json"
    })
    void isScrapedInTextFormOtherwise(String accept) {
        assertThat(MetricsFormat.preferredBy(accept)).isEqualTo(MetricsFormat.TEXT);
    }

    @Test
    void isHealthyWhenEveryCheckIs() throws Exception {
        HttpResponse<String> answer = get("/health", "*/*");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(type(answer)).isEqualTo("application/json");
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"up\",\"checks\":{\"database\":{\"status\":\"up\",\"detail\":\"12 ms\"}}}");
    }

    @Test
    void isUnhealthyWhenOneCheckIs() throws Exception {
        database.set(Health.down("connection refused"));

        HttpResponse<String> answer = get("/health", "*/*");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"down\",\"checks\":{\"database\":"
                        + "{\"status\":\"down\",\"detail\":\"connection refused\"}}}");
        assertThat(get("/health/live", "*/*").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsDegradedGetsWorkStillAndSaysSo() throws Exception {
        database.set(Health.degraded("one node of three is away"));

        HttpResponse<String> answer = get("/health", "*/*");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"status\":\"degraded\",\"checks\":{\"database\":"
                        + "{\"status\":\"degraded\",\"detail\":\"one node of three is away\"}}}");
    }

    @Test
    void aCheckThatThrowsIsDownWithoutItsMessage() throws Exception {
        restart(new HealthCheck("database", () -> {
            throw new IllegalStateException("password hunter2 refused");
        }));

        assertThat(get("/health", "*/*").body())
                .contains("{\"status\":\"down\",\"detail\":\"IllegalStateException\"}")
                .doesNotContain("hunter2");
    }

    @Test
    void aCheckThatHangsIsDownAndNotRunTwice() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        restart(new HealthCheck("broker", () -> {
            runs.incrementAndGet();
            try {
                return end.await(30, SECONDS) ? Health.up("back") : Health.down("still gone");
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }));

        assertThat(get("/health", "*/*").body()).contains("no answer within 200 ms");
        assertThat(get("/health", "*/*").statusCode()).isEqualTo(503);
        assertThat(runs).hasValue(1);
        end.countDown();
        assertThat(get("/health", "*/*").body()).contains("back");
    }

    @Test
    void saysDrainingUntilItIsStopped() throws Exception {
        server.drain(Duration.ofSeconds(1));

        HttpResponse<String> answer = get("/health", "*/*");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).startsWith("{\"status\":\"draining\",");
        assertThat(get("/health/live", "*/*").statusCode()).isEqualTo(200);

        URI address = address("/health");
        server.stop();
        server.stop();
        assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(address("/health")).HEAD());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void refusesOtherMethods() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(address("/metrics")).POST(BodyPublishers.ofString("x")));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthy", "/metrics/", "/health/ready"})
    void saysWhatThereIsWhenAskedForSomethingElse(String path) throws Exception {
        HttpResponse<String> answer = get(path, "*/*");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo("{\"error\":{\"code\":404,\"message\":\"there are /metrics, /health and /health/live\"}}");
    }

    @Test
    void aPortInUseFailsTheStart() {
        int taken = server.address().orElseThrow().getPort();
        MonitorServer second =
                new MonitorServer(new MonitorConfig(true, "127.0.0.1", taken, Optional.empty()), meters, List.of());

        assertThatThrownBy(second::start)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot listen on 127.0.0.1 port " + taken + " for [monitor]");
        second.stop();
    }

    @Test
    void doesNotListenUnlessEnabled() {
        MonitorServer silent =
                new MonitorServer(new MonitorConfig(false, "127.0.0.1", 0, Optional.empty()), meters, List.of());
        silent.start();

        assertThat(silent.address()).isEmpty();
        silent.stop();
    }

    @Test
    void twoChecksOfOneNameAreRefused() {
        HealthCheck check = new HealthCheck("database", database::get);

        assertThatThrownBy(() -> new MonitorServer(ANY_PORT, meters, List.of(check, check)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void speaksTlsWithTheCertificateOfItsFiles(@TempDir Path directory) throws Exception {
        Openssl openssl = Openssl.in(directory);
        openssl.authority("authority");
        openssl.issue("server", "IP:127.0.0.1", "-newkey", "rsa:2048");
        MonitorConfig config =
                MonitorConfig.from(Settings.parse("[monitor]\nport = 0\nuse_ssl = true\n[ssl]\ncert_file = "
                        + directory.resolve("server.pem") + "\nkey_file = " + directory.resolve("server.key")), 0);
        MonitorServer encrypted = new MonitorServer(config, meters, List.of());
        encrypted.start();
        try (HttpClient trusting = HttpClient.newBuilder()
                .sslContext(TrustedCertificates.in(directory.resolve("authority.pem")))
                .build()) {
            int port = encrypted.address().orElseThrow().getPort();

            HttpResponse<String> answer = trusting.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/health/live")).build(),
                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        } finally {
            encrypted.stop();
        }
    }

    @Test
    void readsItsGroup() {
        assertThat(MonitorConfig.from(Settings.parse(""), 9191))
                .isEqualTo(new MonitorConfig(true, "127.0.0.1", 9191, Optional.empty()));
        assertThat(MonitorConfig.from(
                Settings.parse("[monitor]\nenabled = no\nlisten = 0.0.0.0\nport = 9000"), 9191))
                .isEqualTo(new MonitorConfig(false, "0.0.0.0", 9000, Optional.empty()));
    }

    private MonitorServer started(HealthCheck check) {
        MonitorServer fresh = new MonitorServer(ANY_PORT, meters, List.of(check), Duration.ofMillis(200));
        fresh.start();
        return fresh;
    }

    private void restart(HealthCheck check) {
        server.stop();
        server = started(check);
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address(path)).header("Accept", accept));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.address().orElseThrow().getPort() + path);
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("none");
    }
}
