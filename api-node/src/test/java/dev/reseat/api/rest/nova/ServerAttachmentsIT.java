package dev.reseat.api.rest.nova;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.NoAuthCase;
import dev.reseat.testing.CloudFixture;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Tag("database")
class ServerAttachmentsIT extends NoAuthCase {
    private static final String VERSION = "OpenStack-API-Version";

    @Test
    void theVersionDocumentIsOpenToAll() {
        try (var anybody = new HttpCalls(node.server.port())) {
            JsonNode version = anybody.get("/v2.1/").json().path("version");

            assertThat(version.path("version").stringValue()).isEqualTo("2.93");
            assertThat(version.path("min_version").stringValue()).isEqualTo("2.1");
            assertThat(version.path("links").path(0).path("href").stringValue()).isEqualTo(http.base() + "/v2.1/");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "2.1 | id,volumeId,serverId,device",
            "2.70 | id,volumeId,serverId,device,tag",
            "2.79 | id,volumeId,serverId,device,tag,delete_on_termination",
            "2.89 | volumeId,serverId,device,tag,delete_on_termination,attachment_id,bdm_uuid",
    })
    void anEntrySaysWhatTheVersionKnows(String version, String keys) {
        String instance = cloud.instance();
        String volume = cloud.volume("in-use");
        String attachment = cloud.attachment(volume, Map.of("instance_uuid", instance));
        cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));
        String path = "/v2.1/servers/" + instance + "/os-volume_attachments";

        JsonNode shown = http.get(path + "/" + volume, VERSION, "compute " + version).json().path("volumeAttachment");
        JsonNode list = http.get("/v2.1/" + CloudFixture.PROJECT + path.substring(5), VERSION, "compute " + version)
                .json()
                .path("volumeAttachments");

        assertThat(shown.propertyNames()).containsExactlyInAnyOrder(keys.split(",", -1));
        assertThat(shown.path("volumeId").stringValue()).isEqualTo(volume);
        assertThat(shown.path("serverId").stringValue()).isEqualTo(instance);
        assertThat(list).hasSize(1);
        assertThat(list.path(0)).isEqualTo(shown);
    }

    @Test
    void mappingsOfTheOldFlowHaveNoAttachmentIdInTheNewVersion() {
        String instance = cloud.instance();
        String volume = cloud.volume("in-use");
        cloud.blockDevice(instance, volume, Map.of());
        String path = "/v2.1/servers/" + instance + "/os-volume_attachments";

        assertThat(http.get(path).json().path("volumeAttachments")).hasSize(1);
        JsonNode listed = http.get(path, VERSION, "compute 2.89").json().path("volumeAttachments");
        JsonNode shown =
                http.get(path + "/" + volume, VERSION, "compute 2.89").json().path("volumeAttachment");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0)).isEqualTo(shown);
        assertThat(shown.path("attachment_id").isNull()).isTrue();
    }

    @Test
    void whatIsMissingIsNamed() {
        String instance = cloud.instance();
        String path = "/v2.1/servers/" + instance + "/os-volume_attachments";

        assertThat(http.get("/v2.1/servers/u/os-volume_attachments").message("itemNotFound"))
                .isEqualTo("Instance u could not be found.");
        assertThat(http.get(path + "/v").message("itemNotFound"))
                .isEqualTo("Instance " + instance + " is not attached to volume v");
        assertThat(http.get(path + "?limit=-1").message("badRequest"))
                .isEqualTo("Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'");
        assertThat(http.get(path + "?foo=1").status()).isEqualTo(200);
        assertThat(http.get(path + "?foo=1", VERSION, "compute 2.75").message("badRequest"))
                .isEqualTo("Additional properties are not allowed ('foo' was unexpected)");
    }
}
