package dev.reseat.api.rest.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.NoAuthCase;
import dev.reseat.api.store.cinder.VolumeTable;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Tag("database")
class AttachmentsIT extends NoAuthCase {
    private static final String[] V327 = {"OpenStack-API-Version", "volume 3.27"};
    private static final String[] V344 = {"OpenStack-API-Version", "volume 3.44"};
    private static final String[] V354 = {"OpenStack-API-Version", "volume 3.54"};

    @Test
    void attachmentsAreThereFromTheirMicroversionOn() {
        String id = cloud.attachment(cloud.volume("in-use"), "attached");

        Answer before = http.get("/v3/attachments/" + id, "OpenStack-API-Version", "volume 3.26");

        assertThat(before.message("itemNotFound")).isEqualTo("The resource could not be found.");
        assertThat(http.get("/v3/attachments/" + id, V327).status()).isEqualTo(200);
    }

    @Test
    void connectionInfoIsShownFlatAsItIsStored() {
        String volume = cloud.volume("in-use");
        String id = cloud.attachment(volume, Map.of(
                "connection_info", "{\"driver_volume_type\": \"iscsi\", \"target_lun\": 0, \"auth_password\": \"p\"}"));

        JsonNode shown = http.get("/v3/attachments/" + id, V327).json().path("attachment");

        assertThat(shown.path("status").stringValue()).isEqualTo("attached");
        assertThat(shown.path("volume_id").stringValue()).isEqualTo(volume);
        assertThat(shown.path("connection_info").path("driver_volume_type").stringValue()).isEqualTo("iscsi");
        assertThat(shown.path("connection_info").path("auth_password").stringValue()).isEqualTo("p");
        assertThat(shown.path("detached_at").stringValue()).isEmpty();
    }

    @Test
    void anUnknownAttachmentIsNotFound() {
        assertThat(http.get("/v3/attachments/x", V327).message("itemNotFound"))
                .isEqualTo("Volume attachment could not be found with filter: attachment_id = x.");
    }

    @Test
    void listsAreFilteredAndSummaries() {
        String volume = cloud.volume("in-use");
        String id = cloud.attachment(volume, "attached");

        JsonNode list = http.get("/v3/attachments?volume_id=" + volume, V327).json().path("attachments");
        JsonNode detail =
                http.get("/v3/attachments/detail?all_tenants=1&volume_id=" + volume, V327).json().path("attachments");

        assertThat(list).hasSize(1);
        assertThat(list.path(0).propertyNames()).containsExactly("id", "status", "instance", "volume_id");
        assertThat(detail.path(0).path("id").stringValue()).isEqualTo(id);
        assertThat(detail.path(0).has("connection_info")).isTrue();
        assertThat(http.get("/v3/attachments?nonsense=1", V327).json().path("attachments")).isEmpty();
    }

    @Test
    void anAttachmentIsReservedCompletedAndDeleted() {
        String volume = cloud.volume("available");
        String instance = UUID.randomUUID().toString();

        Answer reserved = http.post(
                "/v3/attachments",
                "{\"attachment\": {\"volume_uuid\": \"" + volume + "\", \"instance_uuid\": \"" + instance
                        + "\", \"connector\": null, \"mode\": \"rw\"}}",
                V354);
        JsonNode made = reserved.json().path("attachment");
        Answer deleted = http.delete("/v3/attachments/" + made.path("id").stringValue(), V327);

        assertThat(reserved.status()).isEqualTo(200);
        assertThat(made.path("status").stringValue()).isEqualTo("reserved");
        assertThat(made.path("instance").stringValue()).isEqualTo(instance);
        assertThat(made.path("connection_info")).isEmpty();
        assertThat(made.path("attached_at").stringValue()).isEmpty();
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.json().path("attachments")).isEmpty();
        assertThat(cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume))
                .containsEntry("status", "available");
    }

    /** Older releases of Cinder wrote {@code False} at each attach: that is no mark. */
    @ParameterizedTest
    @CsvSource({"True, ro", "False, rw"})
    void aVolumeThatIsMarkedReadOnlyIsAttachedSo(String mark, String mode) {
        String volume = cloud.volume("available");
        cloud.cinder().run(tx -> new VolumeTable().putAdminMetadata(tx, volume, "readonly", mark));

        Answer answer = http.post("/v3/attachments",
                "{\"attachment\": {\"volume_uuid\": \"" + volume + "\", \"mode\": \"rw\"}}", V354);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("attachment").path("attach_mode").stringValue()).isEqualTo(mode);
        assertThat(cloud.row(cloud.cinder(), "SELECT attach_mode FROM volume_attachment WHERE volume_id = ?", volume))
                .containsEntry("attach_mode", mode);
    }

    /** As Cinder's API does beside the deletion itself: both rows show that they were changed. */
    @ParameterizedTest
    @CsvSource({"reserved", "attached"})
    void aDeletionMovesTheTimesOfChangeOfAttachmentAndVolume(String status) {
        String volume = cloud.volume("in-use");
        String id = cloud.attachment(volume, Map.of("attach_status", status));
        Object untouched = cloud.row(cloud.cinder(), "SELECT updated_at FROM volumes WHERE id = ?", volume);

        assertThat(http.delete("/v3/attachments/" + id, V327).status()).isEqualTo(200);

        Map<String, Object> row = cloud.row(cloud.cinder(),
                "SELECT deleted, updated_at >= deleted_at AS moved, attach_status FROM volume_attachment WHERE id = ?",
                id);
        assertThat(row).containsEntry("deleted", true)
                .containsEntry("moved", true)
                .containsEntry("attach_status", "detached");
        assertThat(cloud.row(cloud.cinder(), "SELECT updated_at FROM volumes WHERE id = ?", volume))
                .isNotEqualTo(untouched);
    }

    /** Nobody listens where the second volume lives, and the third's connector names no host. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "host-2@file#file | {\"host\": \"host-a\"} | 503",
            "host-1@file#file | {\"initiator\": \"iqn\"} | 400",
            "host-1@file#file | {\"host\": 5} | 400",
    })
    void aRefusedCreationLeavesTheVolumeAsItWas(String host, String connector, int status) {
        String volume = cloud.volume(Map.of("status", "available", "host", host));

        Answer answer = http.post("/v3/attachments",
                "{\"attachment\": {\"volume_uuid\": \"" + volume + "\", \"connector\": " + connector + "}}", V354);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(cloud.row(cloud.cinder(), "SELECT status, attach_status FROM volumes WHERE id = ?", volume))
                .containsEntry("status", "available")
                .containsEntry("attach_status", "detached");
        assertThat(http.get("/v3/attachments?volume_id=" + volume, V354).json().path("attachments")).isEmpty();
    }

    @Test
    void completeAnswersWithoutABody() {
        String volume = cloud.volume(Map.of("status", "attaching", "attach_status", "attaching"));
        String id =
                cloud.attachment(volume, Map.of("attach_status", "attaching", "connector", "{\"host\": \"host-a\"}"));

        Answer early = http.post("/v3/attachments/" + id + "/action", "{\"os-complete\": null}", V327);
        Answer answer = http.post("/v3/attachments/" + id + "/action", "{\"os-complete\": null}", V344);

        assertThat(early.status()).isEqualTo(404);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume))
                .containsEntry("status", "in-use");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{} | 'attachment' is a required property",
            "[] | [] is not of type 'object'",
            "{\"attachment\": {}} | Invalid input for field/attribute attachment. Value: {}. 'volume_uuid' is a "
                    + "required property",
            "{\"attachment\": {\"volume_uuid\": \"x\"}} | Invalid input for field/attribute volume_uuid. Value: x. "
                    + "'x' is not a 'uuid'",
            "{\"attachment\": {\"volume_uuid\": \"11111111222243338444555555555555\", \"mode\": \"rw\"}} | Invalid "
                    + "input for field/attribute attachment. Value: {'volume_uuid': "
                    + "'11111111222243338444555555555555', 'mode': 'rw'}. Additional properties are not allowed "
                    + "('mode' was unexpected)",
    })
    void bodiesAreRefusedInCindersWords(String body, String message) {
        assertThat(http.post("/v3/attachments", body, V327).message("badRequest")).isEqualTo(message);
    }

    @Test
    void aModeIsReadOrWrite() {
        String body = "{\"attachment\": {\"volume_uuid\": \"11111111-2222-4333-8444-555555555555\", \"mode\": \"w\"}}";

        assertThat(http.post("/v3/attachments", body, V354).message("badRequest"))
                .isEqualTo("Invalid input for field/attribute mode. Value: w. 'w' is not one of ['rw', 'ro']");
    }

    @Test
    void anUpdateNeedsAConnector() {
        assertThat(http.put("/v3/attachments/x", "{\"attachment\": {\"connector\": {}}}", V327).message("badRequest"))
                .isEqualTo(
                        "Invalid input for field/attribute connector. Value: {}. {} does not have enough properties");
    }
}
