package dev.reseat.api.rest.repair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.NoAuthCase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Diagnoses over REST: bodies, pages, what is missing. */
@Tag("database")
class DiagnosesIT extends NoAuthCase {
    private static final String PATH = "/reseat/v1/diagnoses";

    private static HttpCalls.Answer post(String path, Map<String, Object> body) {
        return http.post(path, JsonMapper.shared().writeValueAsString(body));
    }

    @Test
    void aVolumeWithItsMatrixFactsAndObservations() {
        String volume = cloud.volume("available");

        JsonNode answer = post(PATH, Map.of("volumes", List.of(volume, "gone"))).json();

        JsonNode one = answer.path("diagnoses").path(0);
        assertThat(one.path("pattern").asString()).isEqualTo("N12");
        assertThat(one.path("matrix")).hasSize(5);
        assertThat(one.path("facts").path("backend").asString()).isEqualTo("no");
        assertThat(one.path("observations")).isNotEmpty();
        assertThat(answer.path("missing").path(0).asString()).isEqualTo("gone");
    }

    @Test
    void pagesFollowEachOther() {
        cloud.volume("maintenance");
        cloud.volume("maintenance");

        JsonNode first = post(PATH, Map.of("state", "maintenance", "limit", 1)).json();
        JsonNode second = post(
                PATH, Map.of("state", "maintenance", "limit", 1, "after", first.path("next").asString())).json();

        assertThat(first.path("diagnoses")).hasSize(1);
        assertThat(second.path("diagnoses")).hasSize(1);
        assertThat(second.path("diagnoses").path(0).path("volume_id"))
                .isNotEqualTo(first.path("diagnoses").path(0).path("volume_id"));
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void whatSelectsNothingOrIsMisspeltIsRefused() {
        assertThat(post(PATH, Map.of()).status()).isEqualTo(400);
        assertThat(post(PATH, Map.of("volume", "x")).status()).isEqualTo(400);
        assertThat(post(PATH, Map.of("all", true, "host", "h")).status()).isEqualTo(400);
        assertThat(post(PATH, Map.of("instance", " ")).status()).isEqualTo(400);
        assertThat(post(PATH, Map.of("all", true, "limit", 0)).status()).isEqualTo(400);
        assertThat(post(PATH, Map.of("all", true, "limit", Long.MAX_VALUE)).status()).isEqualTo(400);
    }

    @Test
    void aRepairThatAPersonHasToDecideIsRefusedWithWhatWasSeen() {
        String volume = cloud.volume("uploading");

        HttpCalls.Answer answer = post("/reseat/v1/volumes/" + volume + "/repair", Map.of("dry_run", true));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("reseat diagnose");
    }
}
