package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code reseat status}: who answers, who does not, and what is wrong with whom. */
@Tag("broker")
@Tag("database")
final class StatusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void everyProcessThatAnswersIsShownWithWhatIsWrongWithIt() throws Exception {
        try (Cloud cloud = Cloud.prepared()) {
            cloud.rows()
                    .execute(cloud.nova(), """
                    INSERT INTO services (host, "binary", topic, report_count, disabled, deleted, version, created_at)
                    VALUES (?, 'nova-compute', 'compute', 1, false, 0, 61, <utc>)""",
                            cloud.settings().computeHost());
            cloud.launch();

            JsonNode well = status(cloud, 0);
            assertThat(well.path("services"))
                    .extracting(one -> one.path("program").asString() + " " + one.path("host").asString() + " "
                            + one.path("status").asString())
                    .containsExactly(
                            "reseat-api-node api-" + cloud.settings().name() + " up",
                            "reseat-compute-agent " + cloud.settings().computeHost() + " up",
                            "reseat-volume-manager vol-" + cloud.settings().name() + " up");
            assertThat(well.path("services")).allSatisfy(one -> {
                assertThat(one.path("version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
                assertThat(Instant.parse(one.path("since").asString())).isBefore(Instant.now());
                assertThat(one.path("servers")).isNotEmpty();
            });

            cloud.rows().execute(cloud.cinder(), """
                    INSERT INTO reseat.outbox (id, message, created_at, parked_because)
                    VALUES (CAST(? AS uuid), '{}', <utc>, 'a test')""", UUID.randomUUID().toString());
            assertThat(status(cloud, 3).path("services").path(0).path("problems").path(0).path("detail").asString())
                    .isEqualTo("1 set aside unread");
            assertThat(reseat(cloud, "status").out())
                    .contains("degraded", "notifications: 1 set aside unread", cloud.settings().computeHost());

            cloud.rows().execute(cloud.cinder(), "DELETE FROM reseat.outbox");
            cloud.computeAgent().freeze();
            try {
                JsonNode silent = status(cloud, 4);
                assertThat(silent.path("services")).hasSize(2);
                assertThat(silent.path("hosts_without_agent")).singleElement()
                        .satisfies(host -> assertThat(host.asString()).isEqualTo(cloud.settings().computeHost()));
            } finally {
                cloud.computeAgent().thaw();
            }
        }
    }

    /** Asks again on a machine that is too busy for answers in time. */
    private static JsonNode status(Cloud cloud, int code) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Program run = reseat(cloud, "status", "--json", "--exit-code");
        while (run.code() != code && System.nanoTime() < end) {
            run = reseat(cloud, "status", "--json", "--exit-code");
        }
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
        return new JsonMapper().readTree(run.out());
    }

    private static Program reseat(Cloud cloud, String... words) {
        List<String> command = new ArrayList<>(List.of(Distribution.program("reseat").toString()));
        command.addAll(List.of(words));
        return Program.run(
                Map.of("RESEAT_ENDPOINT", cloud.settings().endpoint(), "OS_AUTH_TYPE", "noauth", "OS_USER_ID",
                        CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT),
                command);
    }
}
