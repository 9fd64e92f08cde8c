package dev.reseat.api.rest.repair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.NoAuthCase;
import dev.reseat.api.rest.RestFixture;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.testing.SecretTexts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a driver or a row says: no secret leaves by an answer or stays in the journal. */
@Tag("database")
class NoSecretsIT extends NoAuthCase {
    @Test
    void ofADriversFailure() {
        String volume = cloud.volume("error");
        for (String text : SecretTexts.all()) {
            node.reset = _ -> new ResetStatus.Result(ResetStatus.Outcome.FAILED, "scripted", text, List.of());
            assertThat(http.post("/reseat/v1/volumes/" + volume + "/reset", "{\"status\": \"available\"}").body())
                    .as(text)
                    .contains("Driver scripted failed")
                    .doesNotContain(SecretTexts.SECRET);
            assertThat(http.post(
                    "/v3/volumes/" + volume + "/action", "{\"os-reset_status\": {\"status\": \"available\"}}").body())
                    .as(text)
                    .doesNotContain(SecretTexts.SECRET);
        }
        node.reset = RestFixture.PROVED;

        assertThat(http.get("/reseat/v1/journal?subject=" + volume + "&limit=1000").body())
                .contains("Driver scripted failed")
                .doesNotContain(SecretTexts.SECRET);
        assertThat(stored()).isNotEmpty().doesNotContain(SecretTexts.SECRET);
    }

    @Test
    void ofAReasonThatWasGiven() {
        String volume = cloud.volume("error");
        for (String text : SecretTexts.all()) {
            String body = JsonMapper.shared()
                    .writeValueAsString(Map.of("status", "error", "reason", text));
            assertThat(http.post("/reseat/v1/volumes/" + volume + "/reset", body).status()).isEqualTo(200);
        }

        assertThat(http.get("/reseat/v1/journal?subject=" + volume + "&limit=1000").body())
                .doesNotContain(SecretTexts.SECRET);
        assertThat(stored()).doesNotContain(SecretTexts.SECRET);
    }

    @Test
    void ofConnectionInfoThatIsShown() {
        String instance = cloud.instance();
        for (String text : SecretTexts.all()) {
            String mapping = cloud.blockDevice(instance, cloud.volume("in-use"), Map.of("connection_info", text));
            assertThat(http.get("/reseat/v1/block-device-mappings/" + mapping).body())
                    .as(text)
                    .doesNotContain(SecretTexts.SECRET);
        }
        assertThat(http.get("/reseat/v1/block-device-mappings?instance=" + instance).body())
                .doesNotContain(SecretTexts.SECRET);
    }

    /** All that the journal keeps, as text. */
    private static String stored() {
        return cloud.row(cloud.cinder(), "SELECT (SELECT coalesce(string_agg(j::text, ' '), '') FROM reseat.journal j)"
                + " || (SELECT coalesce(string_agg(s::text, ' '), '') FROM reseat.journal_step s) AS text")
                .get("text")
                .toString();
    }
}
