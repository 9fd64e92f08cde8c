package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.systemtest.OpenStackScene.Attached;
import dev.reseat.testing.CloudFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * {@code kill -9} of an api-node at each step of a refresh that real services do. The other api-node goes on: then a
 * refresh is done, or undone, and can be asked for again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KilledBesideCase {
    private static final List<String> STEPS = List.of("lock", "reserve", "remove_volume_connection",
            "attachment_delete", "attachment_update", "save", "attachment_complete", "unlock");

    private OpenStackScene scene;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void know() {
        scene = cloud().scene();
    }

    @Test
    void whatNovaComputeAndCinderVolumeDoIsWhole() throws Exception {
        int port = LoopbackPorts.reserve();
        assertWhole(cloud().ours().another("killed", port), port);
    }

    @Test
    void whatCinderApiDoesIsWhole() throws Exception {
        cloud().openstack().startGuarded();
        int port = LoopbackPorts.reserve();
        assertWhole(cloud().ours().throughCinderApi("killed-through", port, ""), port);
    }

    private void assertWhole(ServiceProcess node, int port) throws Exception {
        Map<String, Attached> refreshes = new LinkedHashMap<>();
        for (String step : STEPS) {
            Attached stale = scene.attached("killed at " + step);
            refreshes.put(step, stale);
            node.launch().awaitStarted();
            try (Http http = new Http("http://127.0.0.1:" + port, CloudFixture.USER, CloudFixture.PROJECT)) {
                var _ = http.sending("POST", refresh(stale), "{}");
                cloud().openstack()
                        .await("cinder", "EXISTS (SELECT 1 FROM reseat.journal_step s JOIN reseat.journal j"
                                + " ON j.id = s.entry WHERE j.subject_id = ? AND s.step = ?)", stale.volume(), step);
                node.kill();
            }
        }
        for (Map.Entry<String, Attached> refresh : refreshes.entrySet()) {
            Attached stale = refresh.getValue();
            cloud().openstack()
                    .await("cinder", "EXISTS (SELECT 1 FROM reseat.journal WHERE subject_id = ?"
                            + " AND state IN ('done', 'undone'))", stale.volume());
            assertUsable(refresh.getKey(), stale);
            Http.Answer again = cloud().ours().http().post(refresh(stale), "{}");
            assertThat(again.status()).as(refresh.getKey() + ": " + again.text()).isEqualTo(200);
            assertUsable(refresh.getKey() + ", and again", stale);
        }
    }

    private static String refresh(Attached stale) {
        return "/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh";
    }

    /** The instance is as it was found; it has one attachment to the volume, which its mapping names. */
    private void assertUsable(String cut, Attached stale) {
        Map<String, Object> mapping = scene.mappingRow(stale.mapping());
        Map<String, Object> attachment = cloud().openstack()
                .row("cinder", "SELECT * FROM volume_attachment WHERE volume_id = ? AND NOT deleted", stale.volume());
        assertThat(attachment).as(cut)
                .containsEntry("attach_status", "attached")
                .containsEntry("id", mapping.get("attachment_id"));
        assertThat(mapping.get("connection_info").toString()).as(cut).contains(stale.volume());
        assertThat(scene.volumeRow(stale.volume())).as(cut).containsEntry("status", "in-use");
        assertThat(scene.instanceRow(stale.instance())).as(cut)
                .containsEntry("locked", false)
                .containsEntry("locked_by", null)
                .containsEntry("task_state", null);
    }
}
