package dev.reseat.api.rest.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.NoAuthCase;
import dev.reseat.contract.volume.VolumeArguments.AttachVolume;
import dev.reseat.contract.volume.VolumeArguments.DetachVolume;
import dev.reseat.contract.volume.VolumeArguments.InitializeConnection;
import dev.reseat.contract.volume.VolumeArguments.TerminateConnection;
import dev.reseat.rpc.Failure;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The actions that attach and detach in the flow of before attachments: what the volume service is told, and when. */
@Tag("database")
class ConnectionActionsIT extends NoAuthCase {
    private static final String SERVER = "11111111-2222-4333-8444-555555555555";
    private static final Map<String, Object> CONNECTOR = Map.of("host", "host-a", "initiator", "iqn.a");

    private String volume;

    @BeforeEach
    void make() {
        volume = cloud.volume("available");
        node.asked.clear();
        node.failures.clear();
    }

    private Answer act(String body, String... headers) {
        return http.post("/v3/volumes/" + volume + "/action", body, headers);
    }

    @Test
    void anAttachIsTheVolumeServices() {
        Answer answer = act("{\"os-attach\": {\"instance_uuid\": \"" + SERVER + "\", \"mountpoint\": \"/dev/vdb\"}}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(node.asked).singleElement().isInstanceOfSatisfying(AttachVolume.class, told -> {
            assertThat(told.volumeId()).isEqualTo(volume);
            assertThat(told.instanceUuid()).contains(SERVER);
            assertThat(told.hostName()).isEmpty();
            assertThat(told.mountpoint()).contains("/dev/vdb");
            assertThat(told.mode()).contains("rw");
            assertThat(told.volume()).isPresent();
        });
        assertThat(cloud.row(cloud.cinder(), "SELECT value FROM volume_admin_metadata WHERE volume_id = ?"
                + " AND \"key\" = 'readonly' AND NOT deleted", volume)).containsEntry("value", "False");
    }

    @Test
    void aReadOnlyVolumeIsAttachedAsSuchOnly() {
        cloud.insert(cloud.cinder(), "volume_admin_metadata", Map.of(
                "volume_id", volume, "key", "readonly", "value", "True", "deleted", false));

        assertThat(act("{\"os-attach\": {\"host_name\": \"h\", \"mountpoint\": \"/mnt\"}}").message("badRequest"))
                .isEqualTo("Invalid attaching mode 'rw' for volume " + volume + ".");
        assertThat(node.asked).isEmpty();
        assertThat(act("{\"os-attach\": {\"host_name\": \"h\", \"mountpoint\": \"/mnt\", \"mode\": \"ro\"}}").status())
                .isEqualTo(202);
    }

    @Test
    void aConnectionIsAnswered() {
        Answer answer = act("{\"os-initialize_connection\": {\"connector\": {\"host\": \"host-a\","
                + " \"initiator\": \"iqn.a\"}}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("connection_info").path("data").path("device_path").stringValue())
                .isEqualTo("/dev/loop0");
        assertThat(node.asked).singleElement().isInstanceOfSatisfying(InitializeConnection.class, told -> {
            assertThat(told.connector()).isEqualTo(CONNECTOR);
            assertThat(told.volume().id()).isEqualTo(volume);
        });
    }

    @Test
    void aVolumeThatWasReservedIsFreeWhenItsConnectionIsEnded() {
        volume = cloud.volume("attaching");

        assertThat(act("{\"os-terminate_connection\": {\"connector\": {\"host\": \"host-a\"}}}").status())
                .isEqualTo(202);

        assertThat(cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume))
                .containsEntry("status", "available");
    }

    @Test
    void aDetachByForceEndsTheConnectionFirst() {
        String attachment = cloud.attachment(volume, "attached");

        Answer answer = act("{\"os-force_detach\": {\"connector\": {\"host\": \"host-a\", \"initiator\": \"iqn.a\"},"
                + " \"attachment_id\": \"" + attachment + "\"}}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(node.asked).satisfiesExactly(
                first -> assertThat(first).isEqualTo(
                        new TerminateConnection(volume, Optional.of(CONNECTOR), Optional.of(false))),
                then -> assertThat(then).isInstanceOfSatisfying(DetachVolume.class, told -> {
                    assertThat(told.volumeId()).isEqualTo(volume);
                    assertThat(told.attachmentId()).contains(attachment);
                }));
    }

    @Test
    void whatTheVolumeServiceCannotDoEndsADetachByForce() {
        node.failures.put("terminate_connection",
                Failure.of("cinder.exception", "VolumeBackendAPIException", "the array is busy"));

        Answer answer = act("{\"os-force_detach\": {\"connector\": {\"host\": \"host-a\"}}}");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.message("computeFault")).contains("the array is busy");
        assertThat(node.asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
            "attach_volume, '{\"os-attach\": {\"host_name\": \"h\", \"mountpoint\": \"/mnt\"}}'",
            "detach_volume, '{\"os-detach\": {}}'",
            "initialize_connection, '{\"os-initialize_connection\": {\"connector\": {\"host\": \"h\"}}}'"})
    void whatTheVolumeServiceRefusesIsTheCallersFault(String method, String body) {
        node.failures.put(method, Failure.of("cinder.exception", "InvalidVolume", "Invalid volume: is not so"));

        assertThat(act(body).message("badRequest")).isEqualTo("Invalid volume: is not so");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"os-attach\": {\"host_name\": \"h\", \"mountpoint\": \"/mnt\"}}", "{\"os-detach\": {}}",
            "{\"os-initialize_connection\": {\"connector\": {\"host\": \"h\"}}}"})
    void aVolumeInMaintenanceIsLeftAlone(String body) {
        volume = cloud.volume("maintenance");

        assertThat(act(body).message("badRequest")).contains("maintenance mode");
        assertThat(node.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{\"os-detach\": {}}", "{\"os-detach\": {\"attachment_id\": \"A\"}}",
            "{\"os-terminate_connection\": {\"connector\": {\"host\": \"host-a\"}}}",
            "{\"os-force_detach\": {\"connector\": {\"host\": \"host-a\"}, \"attachment_id\": \"A\"}}"})
    void whatAServerCountsOnIsTakenAwayForServicesOnly(String body) {
        String server = cloud.instance();
        volume = cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        String attachment = cloud.attachment(volume, Map.of(
                "instance_uuid", server, "connection_info", "{\"driver_volume_type\": \"local\"}"));
        cloud.blockDevice(server, volume, Map.of("attachment_id", attachment));
        String request = body.replace("\"A\"", "\"" + attachment + "\"");

        Answer refused = act(request);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.message("conflictingRequest"))
                .isEqualTo("Detach volume from instance " + server + " using the Compute API");
        assertThat(node.asked).isEmpty();
        assertThat(act(request, "X-Service-Roles", "service").status()).isEqualTo(202);
        assertThat(node.asked).isNotEmpty();
    }

    @Test
    void whoseAttachmentItIsMustBeKnown() {
        String other = cloud.attachment(cloud.volume("in-use"), "attached");

        assertThat(act("{\"os-detach\": {\"attachment_id\": \"" + other + "\"}}").message("badRequest"))
                .isEqualTo("Invalid input received: Mismatched volume and attachment");
        assertThat(act("{\"os-detach\": {\"attachment_id\": \"" + UUID.randomUUID() + "\"}}").status())
                .isEqualTo(409);
        cloud.attachment(volume, "attached");
        cloud.attachment(volume, "attached");
        assertThat(act("{\"os-detach\": {}}").status()).isEqualTo(409);
        assertThat(node.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"os-attach\": {\"mountpoint\": \"/dev/vdb\"}} | Invalid input for field/attribute os-attach. Value: "
                    + "{'mountpoint': '/dev/vdb'}. {'mountpoint': '/dev/vdb'} is not valid under any of the given "
                    + "schemas",
            "{\"os-attach\": {\"host_name\": \"h\", \"mountpoint\": \"\"}} | Invalid input for field/attribute "
                    + "mountpoint. Value: . '' is too short",
            "{\"os-attach\": {\"host_name\": \"h\", \"mountpoint\": \"/mnt\", \"mode\": \"x\"}} | Invalid input for "
                    + "field/attribute mode. Value: x. 'x' is not one of ['rw', 'ro']",
            "{\"os-attach\": {\"instance_uuid\": \"x\", \"mountpoint\": \"/mnt\"}} | Invalid input for "
                    + "field/attribute instance_uuid. Value: x. 'x' is not a 'uuid'",
            "{\"os-detach\": {\"attachment_id\": \"x\"}} | Invalid input for field/attribute attachment_id. Value: x. "
                    + "'x' is not valid under any of the given schemas",
            "{\"os-initialize_connection\": {\"connector\": null}} | Invalid input for field/attribute connector. "
                    + "Value: None. None is not of type 'object', 'string'",
            "{\"os-force_detach\": null} | Invalid input for field/attribute os-force_detach. Value: None. None is "
                    + "not of type 'object'"})
    void bodiesAreRefusedInCindersWords(String body, String message) {
        assertThat(act(body).message("badRequest")).isEqualTo(message);
        assertThat(node.asked).isEmpty();
    }
}
