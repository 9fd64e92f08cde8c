package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ServiceVersions;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.systemtest.OpenStackScene.Attached;
import dev.reseat.testing.CloudFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Our services beside a real Cinder and a real Nova: they repair what is theirs, and disturb nobody. */
@Tag("broker")
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BesideOpenStackIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CALLS = 20; // each a ping and a question
    /** Differ between any two volumes, attachments or mappings. */
    private static final List<String> OWN = List.of("id", "uuid", "_name_id", "display_name", "volume_id",
            "attachment_id", "instance_uuid", "connection_info", "connector");
    private static final List<String> SERVICES = List.of("nova-conductor", "nova-compute", "cinder-volume");

    private OpenStack openstack;
    private OpenStackScene scene;
    private Beside ours;
    private List<String> queues;
    private List<String> bindings;

    @BeforeAll
    void start() throws Exception {
        openstack = OpenStack.start();
        scene = new OpenStackScene(openstack);
        queues = theirs("list_queues", "name", "consumers");
        bindings = theirs("list_bindings", "destination_name", "source_name", "routing_key");
        ours = new Beside(openstack);
        ours.apiNode().launch().awaitStarted();
    }

    @AfterAll
    void stop() {
        if (ours != null) {
            ours.close();
        }
        if (openstack != null) {
            openstack.close();
        }
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
        for (String service : SERVICES) {
            assertThat(openstack.service(service).said()).as(service)
                    .noneMatch(line -> line.contains("UnsupportedVersion") || line.contains("NoSuchMethod"));
        }
    }

    /** Lines of the broker about what is theirs and stays: replies come and go with who asks. */
    private List<String> theirs(String what, String... columns) {
        return openstack.broker(what, columns)
                .stream()
                .filter(line -> !line.contains("reply_") && !line.contains("reseat"))
                .toList();
    }

    private void assertUndisturbed() throws Exception {
        assertThat(theirs("list_queues", "name", "consumers")).isEqualTo(queues);
        assertThat(theirs("list_bindings", "destination_name", "source_name", "routing_key")).isEqualTo(bindings);
        for (String service : SERVICES) {
            assertThat(openstack.service(service).isAlive()).as(service).isTrue();
        }
        assertThat(openstack.nova("ask_conductor", Map.of("times", CALLS)).intValue()).isEqualTo(CALLS);
        long reports = reports();
        openstack.await("nova", "(SELECT report_count FROM services WHERE topic = 'compute') > ?", reports);
    }

    private long reports() {
        return ((Number) openstack.row("nova", "SELECT report_count FROM services WHERE topic = 'compute'")
                .get("report_count")).longValue();
    }

    @Test
    void nothingOfTheirsIsDisturbedByOursStartingWorkingAndEnding() throws Exception {
        ours.volumeManager().launch();
        ours.computeAgent().launch();
        ours.volumeManager().awaitStarted();
        ours.computeAgent().awaitStarted();
        assertUndisturbed();

        Attached stuck = stuck("undisturbed");
        assertThat(ours.cinder("reset-state", "--state", "available", stuck.volume()).code()).isZero();
        assertThat(scene.volumeRow(stuck.volume())).containsEntry("status", "available");
        assertUndisturbed();

        ours.volumeManager().terminate();
        ours.computeAgent().terminate();
        assertThat(ours.volumeManager().awaitEnd()).isZero();
        assertThat(ours.computeAgent().awaitEnd()).isZero();
        assertUndisturbed();
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
    void rowsAfterAResetAreAsCindersOwnActionsLeaveThem() throws Exception {
        String byOurs = scene.volume("by ours");
        String byCinder = scene.volume("by Cinder");
        String attachmentOfOurs = scene.attach(byOurs, Optional.empty());
        String attachmentOfCinder = scene.attach(byCinder, Optional.empty());
        ours.volumeManager().launch();
        ours.computeAgent().launch().awaitStarted();
        ours.volumeManager().awaitStarted();

        ours.reseat("volume", "reset-state", "--state", "available", byOurs).assertSucceeded();
        Http.Answer deleted = openstack.cinderApi()
                .send("DELETE", "/v3/" + CloudFixture.PROJECT + "/attachments/" + attachmentOfCinder, "");
        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);

        assertThat(shape(scene.volumeRow(byOurs))).isEqualTo(shape(scene.volumeRow(byCinder)));
        assertThat(shape(scene.attachmentRow(attachmentOfOurs))).isEqualTo(
                shape(scene.attachmentRow(attachmentOfCinder)));
    }

    @Test
    void statesWithoutADriverAreWrittenAsCinderWritesThem() throws Exception {
        String byOurs = scene.volume("error by ours");
        String byCinder = scene.volume("error by Cinder");

        ours.cinder("reset-state", "--state", "error", byOurs).assertSucceeded();
        Http.Answer reset = scene.post("/volumes/" + byCinder + "/action",
                Map.of("os-reset_status", Map.of("status", "error")));
        assertThat(reset.status()).as(reset.text()).isEqualTo(202);

        assertThat(shape(scene.volumeRow(byOurs))).isEqualTo(shape(scene.volumeRow(byCinder)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void attachmentsAreAnsweredAndWrittenAsCinderDoes(boolean ofAnInstance) throws Exception {
        List<Object> byOurs = lifeOfAnAttachment(ours.http(), ofAnInstance);
        List<Object> byCinder = lifeOfAnAttachment(openstack.cinderApi(), ofAnInstance);

        assertThat(byOurs).hasSameSizeAs(byCinder);
        for (int i = 0; i < byOurs.size(); i++) {
            assertThat(byOurs.get(i)).as("step " + i).isEqualTo(byCinder.get(i));
        }
    }

    /** What is answered and what rows there are after each request. */
    private List<Object> lifeOfAnAttachment(Http api, boolean ofAnInstance) {
        String volume = scene.volume("attachments");
        Map<String, Object> wanted = new TreeMap<>(Map.of("volume_uuid", volume));
        if (ofAnInstance) {
            wanted.put("instance_uuid", UUID.randomUUID().toString());
        }
        List<Object> seen = new ArrayList<>();
        Http.Answer blank = scene.post(api, "/attachments", Map.of("attachment", wanted));
        String id = blank.json().path("attachment").path("id").asString();
        look(seen, volume, id, blank);
        look(seen, volume, id, scene.put(api, "/attachments/" + id,
                Map.of("attachment", Map.of("connector", scene.connector()))));
        look(seen, volume, id, scene.post(api, "/attachments/" + id + "/action", Map.of("os-complete", Map.of())));
        if (!ofAnInstance) {
            look(seen, volume, id, scene.delete(api, "/attachments/" + id));
            wanted.put("connector", scene.connector());
            Http.Answer whole = scene.post(api, "/attachments", Map.of("attachment", wanted));
            String second = whole.json().path("attachment").path("id").asString();
            look(seen, volume, second, whole);
        }
        seen.add(scene.driverCalls(volume));
        return seen;
    }

    private void look(List<Object> seen, String volume, String attachment, Http.Answer answer) {
        Map<String, Object> told = new TreeMap<>();
        if (!answer.text().isEmpty()) {
            answer.json().path("attachment").properties().forEach(entry -> told.put(entry.getKey(), entry.getValue()));
            told.put("keys", List.copyOf(told.keySet()));
            told.put("connected", String.valueOf(told.get("connection_info")).length() > 2);
            List.of("id", "volume_id", "instance", "connection_info").forEach(told::remove);
        }
        seen.add(answer.status() + " " + told);
        seen.add(shape(scene.volumeRow(volume)));
        Map<String, Object> row = scene.attachmentRow(attachment);
        seen.add(shape(row));
        seen.add(JSON.readTree(String.valueOf(row.get("connector"))));
        seen.add(JSON.readTree(String.valueOf(row.get("connection_info"))
                .replace(volume, "VOLUME")
                .replace(attachment, "ATTACHMENT")));
    }

    /** A row without what differs by nature; of times only whether there is one. */
    private static Map<String, Object> shape(Map<String, Object> row) {
        Map<String, Object> shape = new TreeMap<>();
        row.forEach((column, value) -> {
            if (!OWN.contains(column)) {
                shape.put(column, column.endsWith("_at") || column.endsWith("_time") ? value != null : value);
            }
        });
        return shape;
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
