package dev.reseat.api.rest.cinder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.rest.HttpCalls;
import dev.reseat.api.rest.HttpCalls.Answer;
import dev.reseat.api.rest.RestFixture;
import dev.reseat.testing.CloudFixture;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** An attachment whose connector cannot be read is shown as such, and nobody is asked to act on it. */
@Tag("database")
class DamagedConnectorIT {
    private static RestFixture node;
    private static CloudFixture cloud;
    private static HttpCalls http;

    @BeforeAll
    static void open() {
        node = RestFixture.noauth();
        cloud = node.cloud;
        http = new HttpCalls(
                node.server.port(), "X-Auth-Token", "u:" + CloudFixture.PROJECT, "OpenStack-API-Version",
                "volume 3.54");
    }

    @AfterAll
    static void close() {
        http.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"host\": \"host-a\", \"ini", "{'host': 'host-a'}", "null", "[]", "5", " ", "\"host-a\""})
    void nothingIsDoneByIt(String connector) {
        String volume = cloud.volume("in-use");
        String instance = cloud.instance();
        String attachment = cloud.attachment(volume, Map.of(
                "instance_uuid", instance, "connector", connector, "connection_info", "{}"));
        String mapping = cloud.blockDevice(instance, volume, Map.of("attachment_id", attachment));
        String reset = "/reseat/v1/volumes/" + volume + "/reset";
        String before = cloud.state();

        assertThat(http.get("/v3/volumes/" + volume).status()).isEqualTo(200);
        assertThat(http.get("/v3/attachments/" + attachment).status()).isEqualTo(200);
        assertThat(http.get("/v3/attachments/detail").status()).isEqualTo(200);
        assertThat(http.get("/v2.1/servers/" + instance + "/os-volume_attachments").status()).isEqualTo(200);
        refused(http.delete("/v3/attachments/" + attachment));
        refused(http.put("/v3/attachments/" + attachment, "{\"attachment\": {\"connector\": {\"host\": \"host-a\"}}}"));
        refused(http.post("/v3/volumes/" + volume + "/action", "{\"os-reset_status\": {\"status\": \"in-use\"}}"));
        JsonNode inUse = refused(http.post(reset, "{\"status\": \"in-use\"}"));
        JsonNode dry = refused(http.post(reset, "{\"status\": \"in-use\", \"dry_run\": true}"));
        JsonNode refresh = refused(http.post(
                "/reseat/v1/block-device-mappings/" + mapping + "/refresh", "{\"connector\": {\"host\": \"host-a\"}}"));

        assertThat(inUse.path("error").stringValue()).isEqualTo("attachment_damaged");
        assertThat(dry.path("error").stringValue()).isEqualTo("attachment_damaged");
        assertThat(refresh.path("error").stringValue()).isEqualTo("attachment_damaged");
        assertThat(refresh.path("message").stringValue()).contains(attachment + " is damaged: ");
        assertThat(cloud.state()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"host\": \"host-a\", \"ini", "null"})
    void whoKnowsThatNobodyIsConnectedClearsItAway(String connector) {
        String volume = cloud.volume("in-use");
        String attachment = cloud.attachment(volume, Map.of("connector", connector));
        String reset = "/reseat/v1/volumes/" + volume + "/reset";

        JsonNode plan = http.post(reset, "{\"status\": \"available\", \"force\": [\"skip-driver\", \"accept-unknown\"],"
                + " \"reason\": \"looked\", \"dry_run\": true}").json().path("reset");
        Answer done = http.post(reset, "{\"status\": \"available\", \"force\": [\"skip-driver\", \"accept-unknown\"],"
                + " \"reason\": \"looked\"}");

        assertThat(plan.path("observations").toString()).contains("connector damaged (");
        assertThat(done.status()).as(done.body()).isEqualTo(200);
        assertThat(cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", volume))
                .containsEntry("status", "available");
        assertThat(cloud.row(cloud.cinder(), "SELECT deleted FROM volume_attachment WHERE id = ?", attachment))
                .containsEntry("deleted", true);
    }

    private static JsonNode refused(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(409);
        return answer.json().path("conflictingRequest");
    }
}
