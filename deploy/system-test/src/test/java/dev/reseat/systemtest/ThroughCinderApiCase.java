package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.systemtest.OpenStackScene.Attached;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.CuttableLink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * A refresh whose attachments a cinder-api makes, connects, completes and deletes, for a token of Keystone's. It lets
 * only a service delete an attachment that Nova has a mapping of.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ThroughCinderApiCase {
    private OpenStackScene scene;
    private ServiceProcess node;
    private Http http;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void start() throws Exception {
        cloud().openstack().startGuarded();
        scene = cloud().scene();
        int port = LoopbackPorts.reserve();
        http = new Http("http://127.0.0.1:" + port, CloudFixture.USER, CloudFixture.PROJECT);
        node = cloud().ours().throughCinderApi("through", port, "");
        node.launch().awaitStarted();
    }

    @AfterAll
    void end() throws Exception {
        if (node != null) {
            node.kill();
        }
        if (http != null) {
            http.close();
        }
    }

    private JsonNode refresh(Attached stale, String body) {
        Http.Answer answer = http.post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("refresh");
    }

    private static String performer(JsonNode refresh, String step) {
        for (JsonNode one : refresh.path("steps")) {
            if (one.path("name").stringValue().equals(step)) {
                return one.path("by").stringValue();
            }
        }
        throw new AssertionError("no step " + step + " in " + refresh);
    }

    @Test
    void aRefreshIsDoneByIt() throws Exception {
        Attached stale = scene.attached("through cinder-api");

        assertThat(performer(refresh(stale, "{\"dry_run\": true}"), "attachment_update")).startsWith("cinder-api ");
        JsonNode refresh = refresh(stale, "{}");

        for (String step : List.of("reserve", "attachment_delete", "attachment_update", "attachment_complete")) {
            assertThat(performer(refresh, step)).as(step).startsWith("cinder-api ");
        }
        String fresh = refresh.path("new_attachment_id").stringValue();
        assertThat(scene.driverCalls(stale.volume()))
                .containsSubsequence("terminate_connection", "initialize_connection");
        assertThat(scene.attachmentRow(stale.attachment())).containsEntry("deleted", true);
        assertThat(scene.attachmentRow(fresh)).containsEntry("attach_status", "attached")
                .containsEntry("instance_uuid", stale.instance());
        assertThat(scene.attachmentRow(fresh).get("connection_info").toString()).contains(stale.volume());
        assertThat(scene.volumeRow(stale.volume())).containsEntry("status", "in-use");
        assertThat(scene.mappingRow(stale.mapping())).containsEntry("attachment_id", fresh);
        assertThat(scene.mappingRow(stale.mapping()).get("connection_info").toString()).contains(stale.volume());
    }

    @Test
    void anAttachmentWhoseAnswerIsLostIsFoundAndDeleted() throws Exception {
        Attached stale = scene.attached("made and not told");
        int port = LoopbackPorts.reserve();
        var link = new CuttableLink(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), cloud().openstack().settings().guardedCinderPort()));
        ServiceProcess unlucky = cloud().ours()
                .throughCinderApi("unlucky", port, "timeout = 5\nendpoint_template = "
                        + "http://127.0.0.1:" + link.port() + "/v3/%(project_id)s\n");
        try (link; var asked = new Http("http://127.0.0.1:" + port, CloudFixture.USER, CloudFixture.PROJECT)) {
            unlucky.launch().awaitStarted();
            link.mend();
            link.mute();

            Http.Answer answer =
                    asked.post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", "{}");

            assertThat(answer.status()).as(answer.text()).isGreaterThanOrEqualTo(500);
            assertThat(answer.text()).contains("It may have done its part");
            cloud().openstack()
                    .await("cinder", "EXISTS (SELECT 1 FROM volume_attachment WHERE volume_id = ?"
                            + " AND attach_status = 'reserved')", stale.volume());
            link.thaw();
            assertTakenBack(stale);
        } finally {
            unlucky.kill();
        }
    }

    private void assertTakenBack(Attached stale) {
        cloud().openstack()
                .await("cinder", "NOT EXISTS (SELECT 1 FROM volume_attachment WHERE volume_id = ?"
                        + " AND NOT deleted AND id <> ?)", stale.volume(), stale.attachment());
        cloud().openstack()
                .await("nova", "EXISTS (SELECT 1 FROM instances WHERE uuid = ? AND NOT locked)",
                        stale.instance());
        assertThat(scene.attachmentRow(stale.attachment())).containsEntry("deleted", false)
                .containsEntry("attach_status", "attached");
        assertThat(scene.volumeRow(stale.volume())).containsEntry("status", "in-use");
        assertThat(scene.driverCalls(stale.volume())).doesNotContain("terminate_connection");
    }

    @Test
    void whatItRefusesIsToldInItsWords() throws Exception {
        Attached stale = scene.attached("refused by cinder-api");
        scene.failing(stale.volume(), "initialize_connection");

        Http.Answer answer = http.post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", "{}");

        assertThat(answer.status()).as(answer.text()).isGreaterThanOrEqualTo(400);
        assertThat(answer.text()).contains("Block storage: ", "HTTP 500");
        Map<String, Object> mapping = scene.mappingRow(stale.mapping());
        assertThat(scene.attachmentRow(mapping.get("attachment_id").toString())).as("the volume stays the instance's")
                .containsEntry("deleted", false);
        assertThat(scene.instanceRow(stale.instance())).containsEntry("locked", false);
    }
}
