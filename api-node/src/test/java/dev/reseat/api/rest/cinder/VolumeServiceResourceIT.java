package dev.reseat.api.rest.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.NoAuthCase;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether schedulers may use a service of Cinder's. */
@Tag("database")
class VolumeServiceResourceIT extends NoAuthCase {
    private static final Instant REPORTED = Instant.parse("2026-01-02T03:04:05Z");

    private String host;

    @BeforeEach
    void report() {
        host = "host-" + UUID.randomUUID();
        cloud.insert(cloud.cinder(), "services", Map.of(
                "uuid", UUID.randomUUID().toString(), "host", host + "@b", "binary", "cinder-volume", "topic",
                "cinder-volume", "report_count", 1, "disabled", false, "updated_at", REPORTED, "deleted", false));
    }

    private Answer put(String action, String body) {
        return http.put("/v3/os-services/" + action, body.replace("HOST", host));
    }

    private Map<String, Object> row() {
        return cloud.row(cloud.cinder(), "SELECT disabled, disabled_reason, modified_at, updated_at FROM services"
                + " WHERE host = ?", host + "@b");
    }

    @Test
    void aServiceIsDisabledWithAReasonAndEnabledAgain() {
        Object reported = row().get("updated_at");
        Answer disabled = put("disable-log-reason",
                "{\"host\": \"HOST@b\", \"binary\": \"cinder-volume\", \"disabled_reason\": \"old\"}");

        assertThat(disabled.status()).isEqualTo(200);
        assertThat(disabled.json().path("disabled_reason").stringValue()).isEqualTo("old");
        assertThat(disabled.json().path("status").stringValue()).isEqualTo("disabled");
        assertThat(row()).containsEntry("disabled", true)
                .containsEntry("disabled_reason", "old")
                .containsEntry("updated_at", reported);
        assertThat(row().get("modified_at")).isNotNull();

        Answer enabled = put("enable", "{\"host\": \"HOST\", \"service\": \"cinder-volume\"}");

        assertThat(enabled.json().path("service").stringValue()).isEqualTo("cinder-volume");
        assertThat(enabled.json().path("binary").stringValue()).isEmpty();
        assertThat(row()).containsEntry("disabled", false).containsEntry("disabled_reason", "old");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "disable | {\"host\": \"nowhere\", \"binary\": \"cinder-volume\"} | 404 | Service cinder-volume could not "
                    + "be found on host nowhere.",
            "disable | {\"binary\": \"cinder-volume\"} | 400 | Invalid input received: Host field is missing.",
            "disable | {\"host\": \"h\"} | 400 | {'host': 'h'} is not valid under any of the given schemas",
            "nothing | {\"host\": \"h\", \"binary\": \"b\"} | 400 | Invalid input received: Unknown action",
            "freeze | {\"host\": \"h\"} | 501 | Reseat does not serve freeze; ask the block storage service itself."})
    void whatCannotBeDoneIsSaid(String action, String body, int status, String message) {
        Answer answer = put(action, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().iterator().next().path("message").stringValue()).isEqualTo(message);
        assertThat(row()).containsEntry("disabled", false);
    }
}
