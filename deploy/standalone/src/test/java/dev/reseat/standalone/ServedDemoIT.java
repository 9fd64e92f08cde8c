package dev.reseat.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo that repairs nothing and is left to others, until it is ended. */
final class ServedDemoIT {
    @Test
    void aServedCloudCanBeUsedAndLeavesNothingBehind() throws Exception {
        try (DemoProcess demo = new DemoProcess("--serve", "--broker", "memory")) {
            JsonNode facts = serving(demo);
            Path directory = Path.of(facts.path("backend_directory").stringValue()).getParent();

            assertThat(facts.path("transport_url").stringValue()).isEqualTo("memory://");
            assertThat(facts.path("compute_endpoint").stringValue()).startsWith("http://127.0.0.1:");
            assertThat(facts.path("reseat_endpoint").stringValue()).startsWith("http://127.0.0.1:");
            assertThat(facts.path("instances").path("mail-1").stringValue()).hasSize(36);
            assertThat(show(facts, "attaching-blank").at("/volume/status").stringValue()).isEqualTo("attaching");
            assertThat(new Leftovers(directory).processes()).isNotEmpty();

            demo.terminate();

            assertThat(demo.awaitEnd()).as(demo.printed()).isZero();
            assertThatNothingIsLeftOf(directory);
        }
    }

    @Test
    @Tag("slow")
    void theNextRunTakesAwayWhatAKilledOneHasLeft(@TempDir Path temporary) throws Exception {
        // A place of its own: demos of other tests sweep too.
        Map<String, String> environment = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        try (DemoProcess demo = new DemoProcess(environment, "--serve", "--broker", "memory")) {
            Path directory = Path.of(serving(demo).path("backend_directory").stringValue()).getParent();
            demo.kill();
            demo.awaitEnd();
            assertThat(new Leftovers(directory).processes()).isNotEmpty();

            assertThat(WorkDirectory.sweep(temporary)).contains("removed what an earlier run had left in " + directory);

            assertThatNothingIsLeftOf(directory);
        }
    }

    private static JsonNode serving(DemoProcess demo) throws Exception {
        return JsonMapper.shared().readTree(demo.awaitServing().substring("serving ".length()));
    }

    private static JsonNode show(JsonNode facts, String volume) throws Exception {
        URI uri = URI.create(facts.path("volume_endpoint").stringValue() + "/volumes/"
                + facts.path("volumes").path(volume).stringValue());
        String token = facts.path("user_id").stringValue() + ":" + facts.path("project_id").stringValue();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return JsonMapper.shared()
                    .readTree(http.send(
                            HttpRequest.newBuilder(uri).header("X-Auth-Token", token).build(),
                            HttpResponse.BodyHandlers.ofString()).body());
        }
    }

    private static void assertThatNothingIsLeftOf(Path directory) throws Exception {
        assertThat(new Leftovers(directory).processes()).isEmpty();
        assertThat(new Leftovers(directory).loopDevices()).isEmpty();
        assertThat(Files.exists(directory)).isFalse();
    }
}
