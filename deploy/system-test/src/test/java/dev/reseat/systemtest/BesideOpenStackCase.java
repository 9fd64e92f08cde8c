package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ServiceVersions;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.systemtest.OpenStackScene.Attached;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** Our services beside a real Cinder and a real Nova: they repair what is theirs, and disturb nobody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BesideOpenStackCase {
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

    @AfterEach
    void onlyTheApiNodeGoesOn() throws Exception {
        for (ServiceProcess service : List.of(ours.volumeManager(), ours.computeAgent())) {
            if (service.hasRun()) {
                service.kill();
            }
        }
    }

    @AfterEach
    void nobodyIsSentWhatHeDoesNotOffer() {
        for (String service : OpenStackWithOurs.SERVICES) {
            assertThat(openstack.service(service).said()).as(service)
                    .noneMatch(line -> line.contains("UnsupportedVersion") || line.contains("NoSuchMethod"));
        }
    }

    @Test
    void nothingOfTheirsIsDisturbedByOursStartingWorkingAndEnding() throws Exception {
        ours.volumeManager().launch();
        ours.computeAgent().launch();
        ours.volumeManager().awaitStarted();
        ours.computeAgent().awaitStarted();
        cloud().assertUndisturbed();

        Attached stuck = stuck("undisturbed");
        assertThat(ours.cinder("reset-state", "--state", "available", stuck.volume()).code()).isZero();
        assertThat(scene.volumeRow(stuck.volume())).containsEntry("status", "available");
        cloud().assertUndisturbed();

        ours.volumeManager().terminate();
        ours.computeAgent().terminate();
        assertThat(ours.volumeManager().awaitEnd()).isZero();
        assertThat(ours.computeAgent().awaitEnd()).isZero();
        cloud().assertUndisturbed();
    }

    /** A detach that was begun and forgotten by Cinder alone: Nova has done its part. */
    private Attached stuck(String name) throws Exception {
        Attached attached = scene.attached(name);
        openstack.databases()
                .sql("nova")
                .useHandle(handle -> handle.execute(
                        "UPDATE block_device_mapping SET deleted = id WHERE uuid = ?", attached.mapping()));
        openstack.databases()
                .sql("cinder")
                .useHandle(handle -> handle.execute(
                        "UPDATE volumes SET status = 'detaching' WHERE id = ?", attached.volume()));
        return attached;
    }

    @Test
    void aRealCinderVolumeTakesTheConnectionDownForAReset() throws Exception {
        Attached stuck = stuck("through cinder-volume");

        Program refused = ours.cinder("reset-state", "--state", "available", stuck.volume());

        assertThat(refused.code()).as("nobody tells of guest and host").isNotZero();
        assertThat(refused.out()).contains("accept-unknown");
        assertThat(scene.driverCalls(stuck.volume())).doesNotContain("terminate_connection", "remove_export");
        assertThat(scene.volumeRow(stuck.volume())).containsEntry("status", "detaching");

        ours.computeAgent().launch().awaitStarted();
        ours.cinder("reset-state", "--state", "available", stuck.volume()).assertSucceeded();

        assertThat(scene.driverCalls(stuck.volume())).contains("terminate_connection").endsWith("remove_export");
        assertThat(scene.volumeRow(stuck.volume())).containsEntry("status", "available")
                .containsEntry("attach_status", "detached");
        assertThat(scene.attachmentRow(stuck.attachment())).containsEntry("deleted", true);
    }

    @Test
    void anExportThatCinderVolumeCannotRemoveLeavesTheRowsAsTheyWere() throws Exception {
        Attached stuck = stuck("export stays");
        ours.computeAgent().launch().awaitStarted();
        scene.failing(stuck.volume(), "remove_export");
        Map<String, Object> before = scene.volumeRow(stuck.volume());

        Program reset = ours.reseat("volume", "reset-state", "--state", "available", stuck.volume());

        assertThat(reset.code()).isNotZero();
        assertThat(reset.err()).contains("Remove volume export failed");
        assertThat(scene.driverCalls(stuck.volume())).contains("remove_export");
        assertThat(scene.volumeRow(stuck.volume())).isEqualTo(before);
        assertThat(scene.attachmentRow(stuck.attachment())).containsEntry("deleted", false);
    }

    @Test
    void aRefreshGoesThroughARealNovaComputeAndARealCinderVolume() throws Exception {
        Attached stale = scene.attached("refresh through theirs");

        Program show = ours.reseat("bdm", "show", stale.instance(), stale.volume());
        show.assertSucceeded();
        Program refresh = ours.reseat("bdm", "refresh", "--json", stale.instance(), stale.volume());

        refresh.assertSucceeded();
        assertRefreshed(stale, refresh);
        assertThat(scene.driverCalls(stale.volume()))
                .containsSubsequence("terminate_connection", "initialize_connection");
    }

    @Test
    void whichVersionANovaComputeServesIsAsNovaItselfHasIt() throws Exception {
        List<String> history = new ArrayList<>();
        openstack.nova("compute_rpc_by_service_version", Map.of()).forEach(one -> history.add(one.asString()));

        assertThat(history).hasSizeGreaterThan(60);
        for (int service = 30; service < history.size(); service++) {
            assertThat(ServiceVersions.served(service)).as("service version " + service)
                    .contains(RpcVersion.parse(history.get(service)));
        }
    }

    @Test
    void aRefreshGoesThroughOurAgentAndARealCinderVolume() throws Exception {
        Attached stale = scene.attached("refresh through ours");
        ours.computeAgent().launch().awaitStarted();

        Program refresh = ours.reseat("bdm", "refresh", "--json", stale.instance(), stale.volume());

        refresh.assertSucceeded();
        assertRefreshed(stale, refresh);
        assertThat(scene.driverCalls(stale.volume()))
                .containsSubsequence("terminate_connection", "initialize_connection");
    }

    @Test
    void aJobHasARealNovaStopARunningInstanceAndStartItAgain() throws Exception {
        Attached stale = scene.attached("stopped for a refresh");
        openstack.databases()
                .sql("nova")
                .useHandle(handle -> handle.execute(
                        "UPDATE instances SET vm_state = 'active', power_state = 1 WHERE uuid = ?", stale.instance()));

        Program made = ours.reseat("job", "create", "--select", "ids=" + stale.volume(), "--refresh", "--stop-start",
                "if-running", "--apply", "--json");
        made.assertSucceeded();
        String job = JSON.readTree(made.out()).path("job").path("id").stringValue();
        Program watched = ours.reseat("job", "watch", job, "--for", "120");

        Program report = ours.reseat("job", "report", job, "--items");
        assertThat(watched.code()).as(watched.out() + report.out() + watched.err()).isZero();
        assertThat(report.out()).contains("1 started again", "1 done", "have Nova stop instance " + stale.instance());
        assertThat(scene.instanceRow(stale.instance())).containsEntry("vm_state", "active")
                .containsEntry("task_state", null)
                .containsEntry("power_state", 1)
                .containsEntry("locked", false);
        assertThat(scene.attachmentRow(stale.attachment())).containsEntry("deleted", true);
        assertThat(told(stale.instance()))
                .containsExactly("compute_stop_instance Success", "compute_start_instance Success");
    }

    /** What Nova has recorded of stops and starts, in order. */
    private List<String> told(String instance) {
        return openstack.databases()
                .sql("nova")
                .withHandle(handle -> handle.select("""
                SELECT e.event, e.result FROM instance_actions a JOIN instance_actions_events e ON e.action_id = a.id
                WHERE a.instance_uuid = ? AND a.action IN ('stop', 'start') ORDER BY e.id""", instance)
                        .map((row, _) -> row.getString("event") + " " + row.getString("result"))
                        .list());
    }

    /** Rows as Nova and Cinder would have left them, nothing locked, nothing started. */
    private void assertRefreshed(Attached stale, Program refresh) throws Exception {
        String fresh = JSON.readTree(refresh.out())
                .path("mappings")
                .path(0)
                .path("refresh")
                .path("new_attachment_id")
                .stringValue();
        assertThat(fresh).isNotEqualTo(stale.attachment());
        Map<String, Object> mapping = scene.mappingRow(stale.mapping());
        assertThat(mapping).containsEntry("attachment_id", fresh);
        var info = JSON.readTree(mapping.get("connection_info").toString());
        assertThat(info.path("serial").stringValue()).isEqualTo(stale.volume());
        assertThat(info.path("volume_id").stringValue()).isEqualTo(stale.volume());
        assertThat(info.path("instance").stringValue()).isEqualTo(stale.instance());
        assertThat(info.path("status").stringValue()).isEqualTo("reserved");
        assertThat(info.path("driver_volume_type").stringValue()).isEqualTo("local");
        assertThat(info.path("data").path("device_path").stringValue()).endsWith(stale.volume());
        assertThat(scene.attachmentRow(stale.attachment())).containsEntry("deleted", true)
                .containsEntry("attach_status", "detached");
        assertThat(scene.attachmentRow(fresh)).containsEntry("attach_status", "attached")
                .containsEntry("deleted", false)
                .containsEntry("instance_uuid", stale.instance());
        assertThat(scene.volumeRow(stale.volume())).containsEntry("status", "in-use")
                .containsEntry("attach_status", "attached");
        assertThat(scene.instanceRow(stale.instance())).containsEntry("vm_state", "stopped")
                .containsEntry("task_state", null)
                .containsEntry("locked", false)
                .containsEntry("locked_by", null);
        Program shown = Program.run(Map.of(), List.of("/usr/bin/nova-manage", "--config-file",
                openstack.settings().file("nova").toString(), "volume_attachment", "show", "--json",
                stale.instance(), stale.volume()));
        shown.assertSucceeded();
        assertThat(shown.out()).contains(fresh);
    }
}
