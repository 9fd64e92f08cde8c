package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.OtherTransaction;
import dev.reseat.testing.StepGates;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code kill -9} in the middle of repairs: after a restart nothing is half done for good. */
@Tag("broker")
@Tag("any-database")
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashIT {
    private static final List<String> STEPS = List.of("lock", "connector", "reserve", "remove_volume_connection",
            "attachment_update", "compare", "save", "attachment_complete", "unlock");

    private static final List<String> RESET_STEPS = List.of("evidence done", "plan done", "driver begun", "driver done",
            "proof begun", "proof done", "commit begun");

    private Cloud cloud;
    private Scene scene;

    @BeforeAll
    void start() throws Exception {
        cloud = Cloud.patient();
        scene = new Scene(cloud);
    }

    @AfterAll
    void stop() {
        cloud.close();
    }

    private CompletableFuture<Http.Answer> resetting(Attached attached) {
        return cloud.http()
                .sending(
                        "POST", "/v3/volumes/" + attached.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
    }

    private CompletableFuture<Http.Answer> refreshing(Attached attached) {
        return cloud.http()
                .sending(
                        "POST", "/reseat/v1/block-device-mappings/" + attached.mapping() + "/refresh", "{}");
    }

    private void restartApiNode() throws InterruptedException {
        cloud.apiNode().launch().awaitStarted();
    }

    private void assertAvailable(Attached volume) {
        assertThat(cloud.volume(volume.volume()))
                .containsEntry("status", "available")
                .containsEntry("attach_status", "detached");
        assertThat(cloud.liveAttachments(volume.volume())).isZero();
        assertThat(volume.exports()).doesNotExist();
    }

    @Test
    @Tag("slow")
    void theApiNodeDiesBetweenTheDriversReplyAndTheCommit() throws Exception {
        Attached stuck = scene.stuck("cut off", "detaching");
        CompletableFuture<Http.Answer> answer;
        try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
            other.run(tx -> tx.handle().execute("SELECT 1 FROM volumes WHERE id = ? FOR UPDATE", stuck.volume()));
            answer = resetting(stuck);
            other.awaitBlocked(cloud.cinder());
            assertThat(stuck.exports()).as("the driver has done its part").doesNotExist();
            cloud.apiNode().kill();
        }
        assertThat(answer).failsWithin(Duration.ofSeconds(10));
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "detaching");
        assertThat(cloud.liveAttachments(stuck.volume())).isOne();

        restartApiNode();
        cloud.awaitSettled(stuck.volume());

        assertAvailable(stuck);
        assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");
        assertThat(cloud.journal(stuck.volume()).get("outcome").toString())
                .contains("cut off after the driver had finished");
    }

    @Test
    @Tag("slow")
    void theApiNodeDiesWhileTheDriverWorks() throws Exception {
        Attached stuck = scene.stuck("in the driver", "detaching");
        cloud.volumeManager().freeze();
        var _ = resetting(stuck);
        cloud.await(cloud.cinder(),
                "EXISTS (SELECT 1 FROM reseat.journal_step s JOIN reseat.journal j ON j.id = s.entry"
                        + " WHERE j.subject_id = ? AND s.step = 'driver')",
                stuck.volume());
        cloud.apiNode().kill();
        cloud.volumeManager().thaw();

        restartApiNode();
        cloud.awaitSettled(stuck.volume());

        String state = cloud.journal(stuck.volume()).get("state").toString();
        if (state.equals("undone")) { // killed before the request was out: the operator runs it again
            assertThat(resetting(stuck).get().status()).isEqualTo(202);
        }
        assertAvailable(stuck);
    }

    @Test
    @Tag("slow")
    void theVolumeManagerDiesWithTheRequest() throws Exception {
        Attached stuck = scene.stuck("volume-manager killed", "detaching");
        cloud.volumeManager().freeze();
        CompletableFuture<Http.Answer> answer = resetting(stuck);
        cloud.await(cloud.cinder(),
                "EXISTS (SELECT 1 FROM reseat.journal_step s JOIN reseat.journal j ON j.id = s.entry"
                        + " WHERE j.subject_id = ? AND s.step = 'driver')",
                stuck.volume());
        cloud.volumeManager().kill();
        cloud.volumeManager().launch().awaitStarted();

        int status = answer.get().status();
        cloud.awaitSettled(stuck.volume());

        if (status == 202) { // the broker had kept the request for the next one
            assertAvailable(stuck);
        } else {
            assertThat(status).isEqualTo(504);
            assertThat(cloud.journal(stuck.volume()).get("state")).isIn("done", "undone");
        }
        assertThat(resetting(stuck).get().status()).as("can be run again").isEqualTo(202);
        assertAvailable(stuck);
    }

    @Test
    @Tag("slow")
    void anotherApiNodeGoesOnWhereOneDied() throws Exception {
        Attached stuck = scene.stuck("taken over", "detaching");
        Attached stale = scene.attached("taken over");
        scene.heldByAgent(stale);
        var databases = cloud.rows().databases();
        try (var other = new ServiceProcess("reseat-api-node", "other-api-node", cloud.settings().directory(),
                cloud.settings().otherApiNode(databases.cinder(), databases.nova()))) {
            other.launch().awaitStarted();
            try (StepGates gates = StepGates.closed(cloud.rows())) {
                gates.stop(stuck.volume(), "driver", "done");
                gates.stop(stale.volume(), "attachment_update", "done");
                var _ = resetting(stuck);
                var _ = refreshing(stale);
                gates.awaitStopped(2);
                cloud.apiNode().kill();
            }
            cloud.awaitSettled(stuck.volume());
            cloud.awaitSettled(stale.volume());

            assertAvailable(stuck);
            assertUsable("taken over", stale);
            assertThat(cloud.journal(stale.volume())).containsEntry("state", "done");
            other.terminate();
            assertThat(other.awaitEnd()).isZero();
        }
        restartApiNode();
    }

    @Test
    void theApiNodeDiesAtEveryStepOfAReset() throws Exception {
        Map<String, Attached> resets = new LinkedHashMap<>();
        Map<String, String> exports = new LinkedHashMap<>();
        try (StepGates gates = StepGates.closed(cloud.rows())) {
            for (String cut : RESET_STEPS) {
                Attached stuck = scene.stuck("reset " + cut, "detaching");
                exports.put(cut, Files.readString(stuck.exports()));
                gates.stop(stuck.volume(), cut.split(" ", -1)[0], cut.split(" ", -1)[1]);
                resets.put(cut, stuck);
                var _ = resetting(stuck);
            }
            gates.awaitStopped(resets.size());
            cloud.apiNode().kill();
        }

        restartApiNode();

        for (String cut : RESET_STEPS) {
            Attached stuck = resets.get(cut);
            cloud.awaitSettled(stuck.volume());
            Map<String, Object> entry = cloud.journal(stuck.volume());
            boolean driven = RESET_STEPS.indexOf(cut) > RESET_STEPS.indexOf("driver begun");
            assertThat(entry).as(cut + ": " + entry.get("outcome")).containsEntry("state", driven ? "done" : "undone");
            if (!driven) {
                assertThat(cloud.volume(stuck.volume())).as(cut).containsEntry("status", "detaching");
                assertThat(Files.readString(stuck.exports())).as(cut).isEqualTo(exports.get(cut));
                assertThat(resetting(stuck).get().status()).as(cut + ": can be run again").isEqualTo(202);
            }
            assertAvailable(stuck);
        }
    }

    @Test
    void theApiNodeDiesAtEveryStepOfARefresh() throws Exception {
        Map<String, Attached> refreshes = new LinkedHashMap<>();
        List<Process> holders = new ArrayList<>();
        try (StepGates gates = StepGates.closed(cloud.rows())) {
            for (String step : STEPS) {
                for (String phase : List.of("begun", "done")) {
                    Attached stale = scene.attached(step + " " + phase);
                    holders.add(scene.heldByAgent(stale));
                    gates.stop(stale.volume(), step, phase);
                    refreshes.put(step + " " + phase, stale);
                    var _ = refreshing(stale);
                }
            }
            gates.awaitStopped(refreshes.size());
            cloud.apiNode().kill();
        }

        restartApiNode();

        for (Map.Entry<String, Attached> refresh : refreshes.entrySet()) {
            cloud.awaitSettled(refresh.getValue().volume());
            assertWhole(refresh.getKey(), refresh.getValue());
        }
        holders.forEach(Process::destroyForcibly);
    }

    /** Either everything is as it was, or the refresh is complete. */
    private void assertWhole(String cut, Attached stale) throws IOException {
        Map<String, Object> entry = cloud.journal(stale.volume());
        boolean begun = !List.of("lock begun", "lock done", "connector begun", "connector done", "reserve begun",
                "reserve done", "remove_volume_connection begun").contains(cut);
        assertThat(entry).as(cut + ": " + entry.get("outcome")).containsEntry("state", begun ? "done" : "undone");
        assertUsable(cut, stale);
        Map<String, Object> mapping = mapping(stale);
        if (begun) {
            assertThat(mapping.get("attachment_id")).as(cut).isNotEqualTo(stale.attachment());
        } else {
            assertThat(mapping.get("attachment_id")).as(cut).isEqualTo(stale.attachment());
        }
    }

    /** The instance is as it was found; it has one attachment to the volume, exported and mapped. */
    private void assertUsable(String cut, Attached stale) throws IOException {
        Map<String, Object> mapping = mapping(stale);
        Map<String, Object> attachment = cloud.rows()
                .row(cloud.cinder(),
                        "SELECT * FROM volume_attachment WHERE volume_id = ? AND NOT deleted", stale.volume());
        assertThat(attachment).as(cut)
                .containsEntry("attach_status", "attached")
                .containsEntry("id", mapping.get("attachment_id"));
        assertThat(mapping.get("connection_info").toString()).as(cut).contains(stale.file().toString());
        assertThat(cloud.volume(stale.volume())).as(cut).containsEntry("status", "in-use");
        assertThat(Files.readString(stale.exports())).as(cut).contains(attachment.get("id").toString());
        Map<String, Object> instance = cloud.rows()
                .row(cloud.nova(), "SELECT * FROM instances WHERE uuid = ?", stale.instance());
        assertThat(instance).as(cut).containsEntry("locked", false).containsEntry("locked_by", null);
        assertThat(cloud.rows()
                .rows(cloud.nova(), "SELECT 1 FROM instance_actions WHERE instance_uuid = ?"
                        + " AND finish_time IS NULL", stale.instance()))
                .as(cut + ": action finished")
                .isEmpty();
    }

    private Map<String, Object> mapping(Attached stale) {
        return cloud.rows()
                .row(cloud.nova(), "SELECT * FROM block_device_mapping WHERE uuid = ?", stale.mapping());
    }

    @Test
    @Tag("slow")
    void theAgentDiesWhileBlockStorageDeletesTheAttachment() throws Exception {
        Attached stale = scene.attached("agent killed");
        Process holder = scene.heldByAgent(stale);
        CompletableFuture<Http.Answer> answer;
        try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
            other.run(tx -> tx.handle()
                    .execute("SELECT 1 FROM volume_attachment WHERE id = ? FOR UPDATE",
                            stale.attachment()));
            answer = refreshing(stale);
            other.awaitBlocked(cloud.cinder());
            assertThat(holder.isAlive()).as("the agent has done its part on the host").isFalse();
            cloud.computeAgent().kill();
        }
        cloud.computeAgent().launch().awaitStarted();

        assertThat(answer.get().status()).as("unknown").isEqualTo(504);
        cloud.awaitSettled(stale.volume());

        assertThat(cloud.journal(stale.volume())).containsEntry("state", "done");
        assertUsable("agent killed", stale);
        assertThat(cloud.settings().directory().resolve("agent/removals"))
                .as("the agent has nothing left to do")
                .isDirectoryNotContaining("glob:**.json");
        assertThat(mapping(stale).get("attachment_id")).isNotEqualTo(stale.attachment());
    }

    @Test
    @Tag("slow")
    void bothDieDuringTheRemoval() throws Exception {
        Attached stale = scene.attached("both killed");
        scene.heldByAgent(stale);
        try (OtherTransaction other = OtherTransaction.on(cloud.cinder())) {
            other.run(tx -> tx.handle()
                    .execute("SELECT 1 FROM volume_attachment WHERE id = ? FOR UPDATE",
                            stale.attachment()));
            var _ = refreshing(stale);
            other.awaitBlocked(cloud.cinder());
            cloud.apiNode().kill();
            cloud.computeAgent().kill();
        }
        cloud.computeAgent().launch();
        restartApiNode();
        cloud.computeAgent().awaitStarted();

        cloud.awaitSettled(stale.volume());

        assertThat(cloud.journal(stale.volume())).containsEntry("state", "done");
        assertUsable("both killed", stale);
    }
}
