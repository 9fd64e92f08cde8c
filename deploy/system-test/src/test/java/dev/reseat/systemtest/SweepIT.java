package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.CloudFixture;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An api-node that sweeps over what a real volume-manager and a real compute-agent hold, and an operator who reads. */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class SweepIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SHOWN = Duration.ofSeconds(90);
    /** Of the agent and the volume-manager: what they would be asked about a single volume. */
    private static final Set<String> ABOUT_ONE = Set.of("inspect_volume", "describe_connections");

    private Cloud cloud;
    private Scene scene;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void open() throws InterruptedException {
        cloud = Cloud.sweeping();
        scene = new Scene(cloud);
    }

    @AfterEach
    void close() {
        http.close();
        cloud.close();
    }

    @Test
    void aFindingLivesOnOverSweepsAndEachSweepAsksEachPlaceOnce() throws Exception {
        scene.attached("in-order");
        scene.volume("free");
        Attached leaked = leaked();

        JsonNode found = awaitFinding(of(leaked).and(one -> one.path("state").asString().equals("confirmed")));
        assertThat(found.path("pattern").asString()).isEqualTo("12b");
        assertThat(found.path("sweeps").asInt()).as("debounced").isGreaterThanOrEqualTo(2);
        assertThat(found.path("backend").asString()).isEqualTo(backend());
        String id = found.path("id").asString();
        assertThat(reseat(0, "findings", "show", id).out()).contains(leaked.volume());
        assertThat(reseat(3, "findings", "list", "--exit-code").out()).contains(id);
        awaitGauge("reseat_findings{", "pattern=\"12b\"", "verdict=\"pattern\"", "state=\"confirmed\"");
        everyPlaceIsAskedOnceForEachSweep();

        Path aside = leaked.file().resolveSibling("aside");
        Files.move(leaked.exports(), aside);
        awaitFinding(one -> one.path("id").asString().equals(id), "--state", "gone");
        reseat(0, "findings", "list", "--exit-code");
        Files.move(aside, leaked.exports());
        JsonNode again = awaitFinding(one -> one.path("id").asString().equals(id));
        assertThat(again.path("first_seen")).isEqualTo(found.path("first_seen"));
        assertThat(again.path("since")).isNotEqualTo(found.path("since"));

        assertThat(reseat(0, "findings", "ignore", id, "--reason", "ticket 4711").out()).contains("ticket 4711");
        assertThat(findings()).isEmpty();
        awaitGauge("reseat_findings{", "pattern=\"12b\"", "state=\"ignored\"");
        assertThat(leaked.exports()).as("nothing acts").exists();
    }

    @Test
    void whoIsSilentMakesNothingGone() throws Exception {
        scene.volume("free");
        Attached leaked = leaked();
        String id = awaitFinding(of(leaked)).path("id").asString();

        cloud.volumeManager().kill();

        awaitGauge("reseat_sweep_silent{", "kind=\"backend\"");
        assertThat(reseat(0, "findings", "list").err()).contains("silent backends: " + backend());
        assertThat(findings("--state", "gone")).extracting(one -> one.path("id").asString()).doesNotContain(id);

        cloud.volumeManager().launch().awaitStarted();
        awaitFinding(of(leaked).and(one -> one.path("state").asString().equals("confirmed")));
        assertThat(findings("--pattern", "12b")).extracting(one -> one.path("id").asString()).containsExactly(id);
    }

    private static Predicate<JsonNode> of(Attached volume) {
        return one -> one.path("volume_id").asString().equals(volume.volume());
    }

    private String backend() {
        return cloud.settings().volumeHost().split("#", 2)[0];
    }

    /** The backend still lets the host into a volume that is deleted. */
    private Attached leaked() {
        Attached leaked = scene.attached("leaked");
        cloud.rows()
                .execute(cloud.nova(), "UPDATE block_device_mapping SET deleted = id WHERE volume_id = ?",
                        leaked.volume());
        cloud.rows()
                .execute(cloud.cinder(), "UPDATE volume_attachment SET deleted = true, attach_status = 'detached'"
                        + " WHERE volume_id = ?", leaked.volume());
        cloud.rows()
                .execute(cloud.cinder(), "UPDATE volumes SET deleted = true, status = 'deleted',"
                        + " attach_status = 'detached' WHERE id = ?", leaked.volume());
        return leaked;
    }

    private void everyPlaceIsAskedOnceForEachSweep() throws Exception {
        for (ServiceProcess place : List.of(cloud.computeAgent(), cloud.volumeManager())) {
            long before = begun();
            List<String> dispatched = metrics(place).filter(line -> line.startsWith("reseat_rpc_server_dispatch_"))
                    .filter(line -> line.contains("_count{"))
                    .toList();
            long after = begun();
            double asked = dispatched.stream()
                    .filter(line -> line.contains("method=\"inventory\""))
                    .mapToDouble(SweepIT::value)
                    .sum();
            assertThat(asked).as("%d to %d sweeps", before, after).isBetween(before - 1.0, (double) after);
            assertThat(dispatched).noneMatch(line -> ABOUT_ONE.stream().anyMatch(line::contains));
        }
    }

    /** How many sweeps there were, with the one that runs. */
    private long begun() {
        return ((Number) cloud.rows().row(cloud.cinder(), "SELECT count(*) AS n FROM reseat.sweep").get("n"))
                .longValue();
    }

    private JsonNode awaitFinding(Predicate<JsonNode> wanted, String... words) {
        long end = System.nanoTime() + SHOWN.toNanos();
        List<JsonNode> found = findings(words);
        while (found.stream().noneMatch(wanted)) {
            assertThat(System.nanoTime()).as("%s", found).isLessThan(end);
            found = findings(words);
        }
        return found.stream().filter(wanted).findFirst().orElseThrow();
    }

    private List<JsonNode> findings(String... words) {
        List<String> command = new ArrayList<>(List.of("findings", "list", "--json"));
        command.addAll(List.of(words));
        return JSON.readTree(reseat(0, command.toArray(String[]::new)).out()).path("findings").valueStream().toList();
    }

    private Program reseat(int code, String... words) {
        List<String> command = new ArrayList<>(List.of(Distribution.program("reseat").toString()));
        command.addAll(List.of(words));
        Program program = Program.run(
                Map.of("RESEAT_ENDPOINT", cloud.settings().endpoint(), "OS_AUTH_TYPE", "noauth", "OS_USER_ID",
                        CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT),
                command);
        assertThat(program.code()).as(program.out() + program.err()).isEqualTo(code);
        return program;
    }

    /** Waits until the api-node shows a one under that name and with these labels. */
    private void awaitGauge(String name, String... labels) throws Exception {
        long end = System.nanoTime() + SHOWN.toNanos();
        while (metrics(cloud.apiNode()).filter(line -> line.startsWith(name))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .noneMatch(line -> value(line) == 1)) {
            assertThat(System.nanoTime()).as("%s %s", name, List.of(labels)).isLessThan(end);
        }
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private Stream<String> metrics(ServiceProcess service) throws Exception {
        String said = service.output().await(line -> line.contains("metrics and health on"), SHOWN);
        String port = said.replaceFirst("(?s).*metrics and health on [^:]*:(\\d+).*", "$1");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(SHOWN)
                .build();
        return http.send(request, BodyHandlers.ofString()).body().lines();
    }
}
