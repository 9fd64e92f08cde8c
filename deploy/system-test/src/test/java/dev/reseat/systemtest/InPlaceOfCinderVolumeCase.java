package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * Our volume-manager where a cinder-volume has gone for good, as cinder-api and cinder-scheduler see it; with no rights
 * but those that the operators' page on installing gives.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InPlaceOfCinderVolumeCase {
    private static final String ROOT = "/v3/" + CloudFixture.PROJECT;
    private static final long SETTLED = 90_000_000_000L;

    private OpenStack openstack;
    private OpenStackScene scene;
    private ServiceProcess manager;
    private String account;
    private String host;
    private String volume;
    private String doomed;
    private String moving;
    private long reports;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void replace() throws Exception {
        openstack = cloud().openstack();
        scene = cloud().scene();
        host = openstack.settings().backend();
        volume = scene.volume("kept");
        doomed = scene.volume("doomed");
        moving = scene.volume("moving");
        openstack.service("cinder-volume").close();
        reports = ((Number) row().get("report_count")).longValue();
        account = openstack.account(InstallPage.read().permissionsInPlaceOfCinderVolume());
        manager = cloud().ours().inPlaceOfCinderVolume(account);
        manager.launch().awaitStarted();
        awaitNoRoom();
    }

    @AfterAll
    void end() throws Exception {
        if (manager != null) {
            manager.kill();
        }
        if (account != null) {
            openstack.removeAccount(account);
        }
    }

    private Map<String, Object> row() {
        return openstack.row("cinder",
                "SELECT * FROM services WHERE \"binary\" = 'cinder-volume' AND host = ? AND NOT deleted", host);
    }

    private JsonNode get(String path) {
        Http.Answer answer = openstack.cinderApi().get(ROOT + path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    /** Until schedulers have heard it from us. */
    private void awaitNoRoom() {
        long end = System.nanoTime() + SETTLED;
        JsonNode pools = get("/scheduler-stats/get_pools?detail=true");
        while (!pools.toString().contains("\"vendor_name\": \"Reseat\"")
                && !pools.toString().contains("\"vendor_name\":\"Reseat\"")) {
            assertThat(System.nanoTime()).as(pools.toString()).isLessThan(end);
            pools = get("/scheduler-stats/get_pools?detail=true");
        }
        assertThat(pools.path("pools").path(0).path("name").stringValue()).startsWith(host + "#");
        assertThat(pools.path("pools").path(0).path("capabilities").path("free_capacity_gb").asInt()).isZero();
    }

    @Test
    void itIsRefusedNothing() {
        assertThat(manager.output().soFar()).isNotEmpty().noneMatch(line -> line.contains("ACCESS_REFUSED"));
        assertThat(cloud().ours().apiNode().output().soFar())
                .noneMatch(line -> line.contains("permission denied") || line.contains("command denied"));
    }

    @Test
    void itIsAServiceThatIsUp() {
        openstack.await("cinder", "(SELECT report_count FROM services WHERE \"binary\" = 'cinder-volume'"
                + " AND host = ? AND NOT deleted) > ?", host, reports);

        assertThat(row()).containsEntry("rpc_current_version", "3.18")
                .containsEntry("object_current_version", "1.39")
                .containsEntry("disabled", false);
        JsonNode service = get("/os-services?binary=cinder-volume").path("services").path(0);
        assertThat(service.path("host").stringValue()).isEqualTo(host);
        assertThat(service.path("state").stringValue()).isEqualTo("up");
        assertThat(get("/capabilities/" + host).path("volume_backend_name").stringValue()).isEqualTo("files");
    }

    @Test
    void itConnectsAndDisconnects() {
        String attachment = scene.attach(volume, Optional.empty());
        assertThat(scene.attachmentRow(attachment)).containsEntry("attach_status", "attached");
        assertThat(scene.volumeRow(volume)).containsEntry("status", "in-use");

        assertThat(scene.delete(openstack.cinderApi(), "/attachments/" + attachment).status()).isEqualTo(200);

        assertThat(scene.volumeRow(volume)).containsEntry("status", "available");
    }

    @Test
    void aDeletionEndsAndItsProjectIsTold() {
        assertThat(scene.delete(openstack.cinderApi(), "/volumes/" + doomed).status()).isEqualTo(202);

        awaitStatus("volumes", doomed, "error_deleting");
        assertThat(messageOf(doomed).path("message_level").stringValue()).isEqualTo("ERROR");
        assertThat(openstack.row("cinder", "SELECT count(*) AS n FROM workers WHERE resource_id = ?", doomed).get("n"))
                .isEqualTo(0L);
    }

    private void awaitStatus(String table, String id, String status) {
        openstack.await("cinder", "(SELECT status FROM " + table + " WHERE id = ?) = ?", id, status);
    }

    private JsonNode messageOf(String resource) {
        openstack.await("cinder", "EXISTS (SELECT 1 FROM messages WHERE resource_uuid = ?)", resource);
        for (JsonNode message : get("/messages").path("messages")) {
            if (message.path("resource_uuid").asString().equals(resource)) {
                return message;
            }
        }
        throw new AssertionError("no message about " + resource);
    }

    @Test
    void schedulersPutNothingOnIt() {
        Http.Answer made = scene.post("/volumes", Map.of("volume", Map.of("size", 1, "name", "nowhere")));
        assertThat(made.status()).as(made.text()).isEqualTo(202);
        String id = made.json().path("volume").path("id").stringValue();

        awaitStatus("volumes", id, "error");
        assertThat(messageOf(id).path("user_message").stringValue()).contains("Could not find any available");
    }

    @Test
    void whatIsAskedOfAVolumeLeavesItAsItWas() {
        Http.Answer snapshot = scene.post("/snapshots",
                Map.of("snapshot", Map.of("volume_id", volume, "name", "none", "force", true)));
        assertThat(snapshot.status()).as(snapshot.text()).isEqualTo(202);
        awaitStatus("snapshots", snapshot.json().path("snapshot").path("id").stringValue(), "error");

        Http.Answer refused = migrate(volume);
        assertThat(refused.status()).as("cinder-api itself keeps a volume with a snapshot: " + refused.text())
                .isEqualTo(400);
        assertThat(refused.message()).contains("must not be migrating, have snapshots");
        assertThat(scene.volumeRow(volume)).containsEntry("migration_status", null);

        Http.Answer migration = migrate(moving);
        assertThat(migration.status()).as(migration.text()).isEqualTo(202);
        openstack.await("cinder", "(SELECT migration_status FROM volumes WHERE id = ?) = 'error'", moving);
        assertThat(scene.volumeRow(moving)).containsEntry("status", "available");
    }

    /** To a pool that no backend has. */
    private Http.Answer migrate(String id) {
        return scene.post("/volumes/" + id + "/action", Map.of("os-migrate_volume",
                Map.of("host", host + "#elsewhere", "force_host_copy", true, "lock_volume", false)));
    }
}
