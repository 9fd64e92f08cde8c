package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What dashboard and alerts ask for is what the services show. */
@Tag("broker")
@Tag("database")
final class MetricsIT {
    private static final Path METRICS = Path.of("..", "metrics");
    private static final Pattern METRIC = Pattern.compile("\\b(?:reseat|http_server|jvm|process)_[a-z_]+");
    private static final Duration SHOWN = Duration.ofSeconds(90);

    @Test
    void everyMetricOfDashboardAndAlertsIsThere() throws Exception {
        Set<String> wanted = new TreeSet<>(wantedByDashboard());
        wanted.addAll(wantedByAlerts());
        assertThat(wanted).hasSizeGreaterThan(25);
        try (var cloud = Cloud.prepared(); var http = HttpClient.newHttpClient()) {
            Path settings = cloud.settings().directory().resolve("reseat-api-node.conf");
            Files.writeString(settings, Files.readString(settings)
                    .replace("reconcile_interval = 1", "reconcile_interval = 1\nsweep_interval = 1"));
            cloud.launch();
            var scene = new Scene(cloud);
            scene.stuck("metrics-found", "detaching");
            Http.Answer reset = cloud.http()
                    .post("/v3/volumes/" + scene.stuck("metrics-reset", "detaching").volume() + "/action",
                            "{\"os-reset_status\": {\"status\": \"available\"}}");
            assertThat(reset.status()).as(reset.text()).isEqualTo(202);

            long end = System.nanoTime() + SHOWN.toNanos();
            Set<String> missing = wanted;
            while (!missing.isEmpty() && System.nanoTime() < end) {
                Set<String> shown = shown(http, cloud);
                missing = wanted.stream().filter(name -> !shown.contains(name)).collect(Collectors.toSet());
                cloud.http().get("/reseat/v1/sweeps"); // until the sweep has found the other volume
            }
            assertThat(missing).isEmpty();
        }
    }

    private static Set<String> shown(HttpClient http, Cloud cloud) throws Exception {
        Set<String> names = new TreeSet<>();
        for (ServiceProcess service : Set.of(cloud.apiNode(), cloud.volumeManager(), cloud.computeAgent())) {
            String said = service.output().await(line -> line.contains("metrics and health on"), SHOWN);
            String port = said.replaceFirst("(?s).*metrics and health on [^:]*:(\\d+).*", "$1");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .timeout(SHOWN)
                    .build();
            http.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        }
        return names;
    }

    private static Set<String> wantedByDashboard() throws IOException {
        return new JsonMapper().readTree(Files.readString(METRICS.resolve("reseat-dashboard.json")))
                .findValues("expr")
                .stream()
                .flatMap(expression -> metrics(expression.asString()))
                .collect(Collectors.toSet());
    }

    private static Set<String> wantedByAlerts() throws IOException {
        return Files.readString(METRICS.resolve("reseat-alerts.yml"))
                .lines()
                .filter(line -> line.contains("expr: "))
                .flatMap(MetricsIT::metrics)
                .collect(Collectors.toSet());
    }

    private static Stream<String> metrics(String expression) {
        return METRIC.matcher(expression).results().map(MatchResult::group);
    }
}
