package dev.reseat.api.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.rest.json.DiagnosisView;
import dev.reseat.api.service.DiagnosisRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of both databases, with and without what hosts and backends have answered. */
class OfflineDiagnosisTest {
    private static final DiagnosisRequest ALL = request(Optional.empty());
    private static final String ANSWERS = """
            {"captured_at": "2026-11-29T12:00:00Z", "volumes": {"v-1": {
              "hosts": [{"host": "host-a", "instance_uuid": "s-1", "attachment_id": "a-1", "detail": "looked",
                "result": {"guest": "no", "running": "yes", "host": "%s", "detail": "looked",
                  "definitions": {"guests": "yes", "in_running": "no", "in_stored": "no"}}}],
              "backend": {"supported": true, "driver": "file", "object": "yes",
                "stored": {"object": "present", "lock": "none"}, "connections": [
                {"attachment_id": "a-1", "host": "host-a", "exported": "yes", "in_use": "no",
                 "detail": "exported"}]}}}}
            """;

    @TempDir Path folder;

    @BeforeEach
    void aDetachThatDiedInCinder() throws IOException {
        Files.writeString(folder.resolve("cinder.sql"), """
                COPY public.volumes (id, host, status, attach_status, display_name, deleted) FROM stdin;
                v-1\thost-1@file#file\tdetaching\tattached\tdata\tf
                v-2\thost-1@file#file\tavailable\tdetached\tspare\tf
                v-3\thost-1@file#file\tdeleted\tdetached\told\tt
                \\.
                COPY volume_attachment (id, volume_id, instance_uuid, attach_status, connector, deleted) FROM stdin;
                a-1\tv-1\ts-1\tdetaching\t{"host": "host-a"}\tf
                \\.
                COPY public.services (host, "binary", updated_at, deleted) FROM stdin;
                host-1@file\tcinder-volume\t2026-11-29 11:59:55.5\tf
                \\.
                """.replace("\\t", "\t"));
        Files.writeString(folder.resolve("nova.sql"), """
                -- Dumping data for table `block_device_mapping`
                -- Dumping data for table `migrations`
                CREATE TABLE `instances` (
                  `uuid` varchar(36),
                  `host` varchar(255),
                  `vm_state` varchar(255),
                  `deleted` int
                );
                INSERT INTO `instances` VALUES ('s-1','host-a','active',0);
                CREATE TABLE `services` (
                  `host` varchar(255),
                  `binary` varchar(255),
                  `last_seen_up` datetime,
                  `deleted` int
                );
                INSERT INTO `services` VALUES ('host-a','nova-compute','2026-11-29 11:59:58',0);
                """);
    }

    @Test
    void rowsAloneAreNotEnough() throws IOException {
        DiagnosisView stuck = diagnose().getFirst();

        assertThat(diagnose()).extracting(DiagnosisView::volumeId).containsExactly("v-1", "v-2");
        assertThat(stuck.pattern()).isEqualTo("30");
        assertThat(stuck.silent()).contains("guest", "host", "backend");
        assertThat(stuck.repair()).isEqualTo("report");
        assertThat(stuck.facts()).containsEntry("status", "detaching").containsEntry("service", "up");
    }

    @Test
    void withAnswersOfHostsAndBackendItIsTheVerdictOfThatTime() throws IOException {
        Files.writeString(folder.resolve("probes.json"), ANSWERS.formatted("no"));
        assertThat(diagnose().getFirst().pattern()).as("%s", diagnose()).isEqualTo("6");

        Files.writeString(folder.resolve("probes.json"), ANSWERS.formatted("unknown"));
        assertThat(diagnose().getFirst().pattern()).isEqualTo("30");
    }

    /** The dump is younger than the answers, or somebody has left one out: its silence is no no. */
    @Test
    void aHostThatRowsNameAndThatIsNotAmongTheAnswersIsUnknown() throws IOException {
        Files.writeString(folder.resolve("probes.json"), ANSWERS.formatted("no").replace("host-a", "host-b"));

        DiagnosisView seen = diagnose().getFirst();

        assertThat(seen.pattern()).isEqualTo("30");
        assertThat(seen.silent()).contains("guest", "host");
        assertThat(seen.observations()).anySatisfy(one -> {
            assertThat(one.host()).contains("host-a");
            assertThat(one.excerpt()).isEqualTo("no answer of it was recorded");
        });
    }

    @Test
    void aCellWhoseRowsAreMissingMayHaveWhatTheOthersHaveNot() throws IOException {
        Files.writeString(folder.resolve("probes.json"), ANSWERS.formatted("no")
                .replace(
                        "\"captured_at\"", "\"silent_cells\": [\"cell cell2: down\"], \"captured_at\""));

        DiagnosisView stuck = diagnose().getFirst();

        assertThat(stuck.pattern()).isEqualTo("30");
        assertThat(stuck.silent()).contains("nova");
    }

    @Test
    void selectorsNarrow() throws IOException {
        assertThat(OfflineDiagnosis.of(folder, request(Optional.of("available")), List.of()))
                .extracting(DiagnosisView::volumeId)
                .containsExactly("v-2");
        assertThat(OfflineDiagnosis.of(folder, ALL, List.of("data")))
                .extracting(DiagnosisView::volumeId)
                .containsExactly("v-1");
    }

    @Test
    void whatIsMissingOrDamagedIsNotTakenForEmpty() throws IOException {
        Files.writeString(folder.resolve("probes.json"), "{\"volumes\": [}");
        assertThatThrownBy(this::diagnose).hasMessageContaining("probes.json cannot be read");

        Files.delete(folder.resolve("nova.sql"));
        assertThatThrownBy(this::diagnose).isInstanceOf(IllegalArgumentException.class);
    }

    private List<DiagnosisView> diagnose() throws IOException {
        return OfflineDiagnosis.of(folder, ALL, List.of());
    }

    private static DiagnosisRequest request(Optional<String> state) {
        return new DiagnosisRequest(
                List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), state,
                state.isEmpty(), Optional.empty(), DiagnosisRequest.MOST);
    }
}
