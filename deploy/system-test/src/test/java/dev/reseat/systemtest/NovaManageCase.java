package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.OpenStackScene.Attached;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code nova-manage volume_attachment} as an operator runs it, with Keystone and a Cinder that wants a service's
 * token: beside our services, and through our agent in place of nova-compute.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NovaManageCase {
    private static final JsonMapper JSON = new JsonMapper();

    private OpenStack openstack;
    private OpenStackScene scene;
    private Beside ours;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void start() {
        openstack = cloud().openstack();
        scene = cloud().scene();
        ours = cloud().ours();
    }

    @Test
    @Order(1)
    void aRefreshGoesThroughNovaComputeWhereOursStandBeside() throws Exception {
        ours.computeAgent().launch();
        ours.volumeManager().launch();
        try {
            ours.computeAgent().awaitStarted();
            ours.volumeManager().awaitStarted();
            Attached stale = scene.attached("nova-manage beside ours");

            assertRefreshed(stale);
        } finally {
            ours.computeAgent().kill();
            ours.volumeManager().kill();
        }
    }

    @Test
    @Order(2) // nova-compute ends in it
    void aRefreshGoesThroughOurAgentInPlaceOfNovaCompute() throws Exception {
        Attached stale = scene.attached("nova-manage through ours");
        openstack.service("nova-compute").close();
        try (var agent = ours.inPlaceOfNovaCompute()) {
            agent.launch().awaitStarted();

            assertRefreshed(stale);
            assertThat(openstack.service("nova-compute").isAlive()).isFalse();
            agent.kill();
        } finally {
            openstack.startCompute();
        }
    }

    /** It is done, as nova-manage itself leaves rows and the driver of block storage. */
    private void assertRefreshed(Attached stale) throws Exception {
        cloud().refreshByNovaManage(stale.instance(), stale.volume()).assertSucceeded();

        Program shown = cloud().novaManage("show", "--json", stale.instance(), stale.volume());
        shown.assertSucceeded();
        Map<String, Object> mapping = scene.mappingRow(stale.mapping());
        String fresh = mapping.get("attachment_id").toString();
        assertThat(fresh).isNotEqualTo(stale.attachment());
        assertThat(shown.out()).contains(fresh);
        JsonNode info = JSON.readTree(mapping.get("connection_info").toString());
        assertThat(info.path("data").path("device_path").stringValue()).endsWith(stale.volume());
        assertThat(scene.attachmentRow(stale.attachment())).containsEntry("deleted", true);
        assertThat(scene.attachmentRow(fresh)).containsEntry("attach_status", "attached")
                .containsEntry("attached_host", openstack.settings().computeHost());
        assertThat(scene.volumeRow(stale.volume())).containsEntry("status", "in-use");
        assertThat(scene.instanceRow(stale.instance())).containsEntry("vm_state", "stopped")
                .containsEntry("locked", false);
        assertThat(scene.driverCalls(stale.volume()))
                .containsSubsequence("terminate_connection", "initialize_connection");
    }
}
