package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.CloudFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An operator with {@code bin/reseat}. */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class CommandLineIT {
    private static final JsonMapper JSON = new JsonMapper();

    private final Cloud cloud = Cloud.shared();
    private final Scene scene = new Scene(cloud);

    private Program reseat(String... words) {
        return reseatAt(cloud.settings().endpoint(), words);
    }

    private static Program reseatAt(String endpoint, String... words) {
        List<String> command = new ArrayList<>(List.of(Distribution.program("reseat").toString()));
        command.addAll(List.of(words));
        return Program.run(
                Map.of("RESEAT_ENDPOINT", endpoint, "OS_AUTH_TYPE", "noauth", "OS_USER_ID", CloudFixture.USER,
                        "OS_PROJECT_ID", CloudFixture.PROJECT),
                command);
    }

    private static JsonNode json(Program program) {
        return JSON.readTree(program.out());
    }

    @Test
    void volumesAreListedAndShown() {
        Attached stuck = scene.stuck("cli-listed", "error_detaching");

        Program list = reseat("volume", "list", "--status", "error_detaching");
        list.assertSucceeded();
        assertThat(list.out()).contains(stuck.volume(), "cli-listed", stuck.instance());
        Program show = reseat("volume", "show", "--json", "cli-listed");
        show.assertSucceeded();
        assertThat(json(show).path("id").stringValue()).isEqualTo(stuck.volume());
        assertThat(reseat("volume", "show", "no-such-volume").code()).isEqualTo(4);
    }

    @Test
    void aResetIsTriedThenDoneAndJournalled() {
        Attached stuck = scene.stuck("cli-reset", "detaching");

        Program dry = reseat("volume", "reset-state", "--state", "available", "--dry-run", stuck.volume());
        dry.assertSucceeded();
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "detaching");
        assertThat(stuck.exports()).exists();

        Program done = reseat("volume", "reset-state", "--state", "available", "--json", stuck.volume());
        done.assertSucceeded();
        JsonNode report = json(done).path("volumes").path(0).path("reset");
        assertThat(report.path("after").path("status").stringValue()).isEqualTo("available");
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");
        assertThat(stuck.exports()).doesNotExist();

        Program journal = reseat("journal", "show", stuck.volume());
        journal.assertSucceeded();
        assertThat(journal.out()).contains("reset done", "driver begun", "driver done");
    }

    @Test
    void refusalsHaveTheirExitCodes() throws Exception {
        Attached held = scene.stuck("cli-held", "detaching");
        try (AutoCloseable _ = Scene.hold(held)) {
            Program refused = reseat("volume", "reset-state", "--state", "available", held.volume());
            assertThat(refused.code()).isEqualTo(8);
            assertThat(refused.err()).contains("in use");
        }
        assertThat(reseat("volume", "reset-state", held.volume()).code()).as("no default state").isEqualTo(2);
        assertThat(reseat("volume", "reset-state", "--state", "bogus", held.volume()).code()).isEqualTo(2);
        assertThat(reseat("volume", "reset-state", "--state", "available", "--force", "skip-driver", held.volume())
                .code()).as("force without reason").isEqualTo(2);
        assertThat(reseatAt("http://127.0.0.1:" + LoopbackPorts.reserve(), "volume", "list").code()).isEqualTo(10);
        assertThat(cloud.volume(held.volume())).containsEntry("status", "detaching");
    }

    @Test
    void aMappingIsShownWithoutItsSecrets() {
        Attached attached = scene.attached("cli-secret");
        cloud.rows()
                .execute(cloud.nova(), "UPDATE block_device_mapping SET connection_info = ? WHERE uuid = ?",
                        "{\"driver_volume_type\": \"iscsi\", \"data\": {\"auth_password\": \"s3cret-word\"}}",
                        attached.mapping());

        Program masked = reseat("bdm", "show", attached.mapping());
        masked.assertSucceeded();
        assertThat(masked.out()).contains(attached.attachment()).doesNotContain("s3cret-word");
        assertThat(reseat("bdm", "show", "--show-secrets", attached.instance(), attached.volume()).out())
                .contains("s3cret-word");
        assertThat(reseat("bdm", "show", "00000000-0000-4000-8000-000000000000").code()).isEqualTo(3);
        assertThat(reseat("bdm", "show", "00000000-0000-4000-8000-000000000000", attached.volume()).code())
                .isEqualTo(2);
    }

    @Test
    void aMappingIsRefreshed() throws Exception {
        Attached stale = scene.attached("cli-stale");
        Process holder = scene.heldByAgent(stale);
        cloud.rows()
                .execute(cloud.nova(), "UPDATE block_device_mapping SET connection_info = replace(connection_info,"
                        + " '\"status\"', '\"old_address\": \"192.0.2.1\", \"status\"') WHERE uuid = ?",
                        stale.mapping());

        Program dry = reseat("bdm", "refresh", "--dry-run", stale.mapping());
        dry.assertSucceeded();
        assertThat(holder.isAlive()).isTrue();

        Program done = reseat("bdm", "refresh", "--json", stale.instance(), stale.volume());
        done.assertSucceeded();

        JsonNode report = json(done).path("mappings").path(0).path("refresh");
        String fresh = report.path("new_attachment_id").stringValue();
        assertThat(fresh).isNotEqualTo(stale.attachment());
        Map<String, Object> mapping = cloud.rows()
                .row(cloud.nova(), "SELECT * FROM block_device_mapping WHERE uuid = ?", stale.mapping());
        assertThat(mapping).containsEntry("attachment_id", fresh);
        assertThat(mapping.get("connection_info").toString())
                .contains(stale.file().toString(), "\"serial\"")
                .doesNotContain("192.0.2.1");
        assertThat(cloud.volume(stale.volume())).containsEntry("status", "in-use");
        assertThat(cloud.liveAttachments(stale.volume())).isOne();
        assertThat(holder.isAlive()).as("the old connection is off the host").isFalse();
        assertThat(stale.exports()).content().contains(fresh).doesNotContain(stale.attachment());
        assertThat(cloud.rows().row(cloud.nova(), "SELECT * FROM instances WHERE uuid = ?", stale.instance()))
                .containsEntry("locked", false);
        assertThat(reseat("journal", "show", stale.mapping()).out()).contains("refresh done", "unlock done");
    }

    @Test
    void whatCannotBeRefreshedHasItsExitCode() {
        Attached running = scene.attached("cli-running");
        cloud.rows()
                .execute(
                        cloud.nova(), "UPDATE instances SET vm_state = 'active' WHERE uuid = ?", running.instance());

        Program refused = reseat("bdm", "refresh", running.mapping());

        assertThat(refused.code()).isEqualTo(5);
        assertThat(refused.err()).contains("must be stopped");
        assertThat(reseat("bdm", "refresh", "00000000-0000-4000-8000-000000000000").code()).isEqualTo(6);
        assertThat(reseat("bdm", "refresh", "00000000-0000-4000-8000-000000000000", running.volume()).code())
                .isEqualTo(4);
    }
}
