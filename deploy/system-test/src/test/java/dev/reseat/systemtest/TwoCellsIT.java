package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.TwoCells.Attached;
import dev.reseat.testing.CloudFixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Repairs in each of two cells, and what one of them costs the other when its broker and then its database is away. */
@Tag("broker")
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TwoCellsIT {
    private static final String OTHER_PROJECT = "7c1d0000000000000000000000000009";

    private TwoCells cells;
    private Attached here;
    private Attached there;
    private Attached stale;
    private Attached lost;

    @BeforeAll
    void start() throws Exception {
        cells = TwoCells.start();
        here = cells.first.attached(CloudFixture.PROJECT);
        there = cells.second.attached(CloudFixture.PROJECT);
        stale = cells.first.attached(CloudFixture.PROJECT);
        lost = cells.second.attached(OTHER_PROJECT);
    }

    @AfterAll
    void stop() {
        if (cells != null) {
            cells.close();
        }
    }

    private Map<String, JsonNode> diagnoses() {
        Http.Answer answer = cells.http().post("/reseat/v1/diagnoses", "{\"all\": true}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Map<String, JsonNode> found = new HashMap<>();
        answer.json().path("diagnoses").forEach(one -> found.put(one.path("volume_id").stringValue(), one));
        return found;
    }

    private static List<String> silent(JsonNode diagnosis) {
        return StreamSupport.stream(diagnosis.path("silent").spliterator(), false).map(JsonNode::stringValue).toList();
    }

    private Http.Answer refresh(Attached attached) {
        return cells.http().post("/reseat/v1/block-device-mappings/" + attached.mapping() + "/refresh", "{}");
    }

    private Http.Answer reset(Attached attached) {
        return cells.http()
                .post("/v3/volumes/" + attached.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"in-use\"}}");
    }

    @Test
    @Order(1)
    void aMappingIsRefreshedInEitherCell() {
        for (Attached one : List.of(here, there)) {
            Http.Answer done = refresh(one);
            assertThat(done.status()).as(done.text()).isEqualTo(200);
        }
        assertThat(cells.first.mapping(here).get("attachment_id")).isNotEqualTo(here.attachment());
        assertThat(cells.second.mapping(there).get("attachment_id")).isNotEqualTo(there.attachment());
    }

    @Test
    @Order(2)
    void aDiagnosisOfEverythingReadsBoth() {
        Map<String, JsonNode> found = diagnoses();

        for (Attached one : List.of(here, there, stale, lost)) {
            assertThat(found.get(one.volume()).path("verdict").stringValue())
                    .as(found.get(one.volume()).toString())
                    .isEqualTo("normal");
        }
    }

    @Test
    @Order(3)
    void aBrokerThatIsAwayLeavesItsHostsUnknownAndTheOtherCellAtWork() {
        cells.secondBroker().stop();

        Map<String, JsonNode> found = diagnoses();

        assertThat(found.get(there.volume()).path("verdict").stringValue()).isEqualTo("unknown");
        assertThat(silent(found.get(there.volume()))).contains("guest", "host");
        assertThat(found.get(here.volume()).path("verdict").stringValue()).isEqualTo("normal");
        assertThat(refresh(stale).status()).isEqualTo(200);
        assertThat(refresh(there).status()).isIn(409, 503);
        assertThat(reset(here).status()).isEqualTo(202);
    }

    @Test
    @Order(4)
    void aDatabaseThatIsAwayLeavesItsRowsUnknownAndTheOtherCellAtWork() {
        cells.secondDatabases().close();

        Map<String, JsonNode> found = diagnoses();

        assertThat(found.get(there.volume()).path("verdict").stringValue()).isEqualTo("unknown");
        assertThat(silent(found.get(there.volume()))).contains("nova");
        assertThat(found.get(here.volume()).path("verdict").stringValue()).isEqualTo("normal");
        assertThat(refresh(here).status()).isEqualTo(200);
        assertThat(refresh(lost).status()).isEqualTo(503);
        assertThat(reset(here).status()).isEqualTo(202);
        assertThat(cells.volumeRow(here.volume())).containsEntry("status", "in-use");
        Http.Answer capture = cells.http().post("/reseat/v1/captures", "{\"all\": true}");
        assertThat(capture.status()).as(capture.text()).isEqualTo(200);
        assertThat(capture.json().path("silent_cells")).singleElement()
                .satisfies(why -> assertThat(why.stringValue()).contains("cell2"));
        assertThat(capture.json().at("/nova/block_device_mapping").toString()).contains(here.mapping());
    }
}
