package dev.reseat.api.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RestJsonTest {
    private static final JsonMapper JSON = RestJson.mapper();

    @Test
    void anAttachmentLooksAsCinderShowsIt() {
        var shown = AttachmentView.of(
                new Attachment(
                        "a1",
                        "v1",
                        Optional.of("i1"),
                        Optional.of("host-a"),
                        Optional.of("/dev/vdb"),
                        Optional.of(Instant.parse("2026-11-22T07:03:09.578471Z")),
                        Optional.empty(),
                        Optional.of("rw"),
                        "attached",
                        Optional.of("{\"target_lun\": 0, \"driver_volume_type\": \"iscsi\"}"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false),
                Optional.empty());

        assertThat(JSON.writeValueAsString(shown))
                .isEqualTo("{\"id\":\"a1\",\"status\":\"attached\",\"instance\":\"i1\",\"volume_id\":\"v1\","
                        + "\"attached_at\":\"2026-11-22T07:03:09.578471\",\"detached_at\":\"\",\"attach_mode\":\"rw\","
                        + "\"connection_info\":{\"target_lun\":0,\"driver_volume_type\":\"iscsi\"}}");
    }

    @Test
    void aMappingHidesItsSecretsUnlessAskedForThem() {
        BlockDevice device = device("{\"data\": {\"auth_password\": \"p\", \"target_lun\": 1}}");

        assertThat(BlockDeviceView.masked(device).connectionInfo())
                .contains(Map.of("data", Map.of("auth_password", "***", "target_lun", 1)));
        assertThat(BlockDeviceView.masked(device).encryptionSecretUuid()).contains("***");
        assertThat(BlockDeviceView.withSecrets(device).connectionInfo())
                .contains(Map.of("data", Map.of("auth_password", "p", "target_lun", 1)));
        assertThat(JSON.writeValueAsString(BlockDeviceView.masked(device)))
                .contains("\"uuid\":\"b1\"", "\"delete_on_termination\":false", "\"boot_index\":null")
                .doesNotContain("\"p\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"data\": {\"auth_password\": \"SECRETt\", \"target_iq|it is cut off after 48 characters|\"target_iq",
            "{u'data': {u'auth_password': u'SECRETpy', u'a': 1}}|it is a dict as Python prints it, not JSON|u'a': 1",
            "null|it is the JSON value null, not an object|null", "``|the stored text is empty|``",
            "[1]|it is JSON, but not an object|[1]", "{\"a\": 1} x|it is not JSON, from line 1|x"})
    void aDamagedConnectionInfoIsShownAsWhatItIs(String text, String problem, String visible) {
        Map<String, Object> masked = BlockDeviceView.masked(device(text)).connectionInfo().orElseThrow();
        Map<String, Object> open = BlockDeviceView.withSecrets(device(text)).connectionInfo().orElseThrow();

        assertThat(masked.get("damaged").toString()).startsWith(problem);
        assertThat(masked.get("stored").toString()).contains(visible).doesNotContain("SECRET");
        assertThat(open).containsEntry("stored", text);
        assertThat(RefreshView.shown(text)).isEqualTo(masked);
    }

    @Test
    void anEmptyConnectionInfoIsNoDamagedOne() {
        assertThat(BlockDeviceView.masked(device("{}")).connectionInfo()).contains(Map.of());
    }

    @Test
    void whatDependsOnTheVersionStandsBesideTheRest() {
        var json = "{\"id\":\"v\",\"os-vol-host-attr:host\":\"h@b#p\",\"status\":\"error\",\"size\":1,\"new\":2}";

        VolumeView read = JSON.readValue(json, VolumeView.class);

        assertThat(read.host()).contains("h@b#p");
        assertThat(read.more()).containsEntry("new", 2);
        assertThat(read.name()).isEmpty();
    }

    @Test
    void aLastPageHasNoLinks() {
        assertThat(JSON.writeValueAsString(new VolumePage<>(List.of(), List.of(), Optional.empty())))
                .isEqualTo("{\"volumes\":[]}");
        assertThat(JSON.writeValueAsString(
                new VolumePage<>(List.of(), List.of(new ResourceLink("next", "x")), Optional.of(0))))
                .isEqualTo("{\"volumes\":[],\"volumes_links\":[{\"rel\":\"next\",\"href\":\"x\"}],\"count\":0}");
    }

    @Test
    void requestsSayOnlyWhatIsAskedFor() {
        assertThat(JSON.writeValueAsString(new ResetBody(
                Optional.of("available"), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false)))
                .isEqualTo("{\"status\":\"available\"}");
        assertThat(JSON.writeValueAsString(new RefreshBody(Optional.empty(), Optional.empty(), false, true)))
                .isEqualTo("{\"dry_run\":true}");
    }

    private static BlockDevice device(String connectionInfo) {
        return new BlockDevice(
                1,
                "b1",
                "i1",
                Optional.of("v1"),
                Optional.of("a1"),
                Optional.of(connectionInfo),
                Optional.of("/dev/vdb"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of("s1"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
