package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Services of the release before and of this one, as they meet each other during an upgrade. */
@Tag("slow")
@Tag("broker")
@Tag("database")
final class RollingUpgradeIT {
    private static final JsonMapper JSON = new JsonMapper();

    private Path before;
    private Cloud cloud;
    private Scene scene;

    @BeforeEach
    void startTheReleaseBefore() throws Exception {
        before = PreviousRelease.home();
        cloud = Cloud.prepared();
        scene = new Scene(cloud);
        cloud.rows().execute(cloud.cinder(), "DROP SCHEMA reseat CASCADE");
        cloud.rows().execute(cloud.nova(), "DROP SCHEMA reseat CASCADE");
        for (ServiceProcess service : List.of(cloud.apiNode(), cloud.volumeManager(), cloud.computeAgent())) {
            service.launchFrom(before).awaitStarted(); // its api-node makes its tables itself
        }
        work("all of the release before");
    }

    @AfterEach
    void close() {
        if (cloud != null) {
            cloud.close();
        }
    }

    @Test
    void theyWorkWithEachOtherEitherWayRound() throws Exception {
        sync();
        work("tables of this release");

        restart(cloud.apiNode(), Distribution.home());
        work("this api-node, workers of the release before");

        String job = job(20);
        cloud.await(cloud.cinder(), "EXISTS (SELECT 1 FROM reseat.job WHERE CAST(id AS text) = ?"
                + " AND state <> 'planning')", job);
        restart(cloud.volumeManager(), Distribution.home());
        restart(cloud.computeAgent(), Distribution.home());
        awaitEnded(job);
        // what found nobody is no loss, and is tried again by whoever reads the report
        cloud.http().post("/reseat/v1/jobs/" + job + "/retry-failed", "{}"); // refused if none has failed
        awaitDone(job, 20);
        work("all of this release");

        restart(cloud.apiNode(), before);
        work("api-node of the release before, these workers");
    }

    private void sync() {
        Program.run(Distribution.home().resolve("bin").resolve("reseat").toString(), "db", "sync", "--config-file",
                cloud.settings().directory().resolve("reseat-api-node.conf").toString()).assertSucceeded();
    }

    private static void restart(ServiceProcess service, Path home) throws InterruptedException {
        service.terminate();
        assertThat(service.awaitEnd()).isZero();
        service.launchFrom(home).awaitStarted();
    }

    /** A reset, a refresh, and a job, whose steps are cast. */
    private void work(String state) {
        Attached stuck = scene.stuck("upgrade-reset", "detaching");
        Http.Answer reset = cloud.http()
                .post("/v3/volumes/" + stuck.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
        assertThat(reset.status()).as(state + ": " + reset.text()).isEqualTo(202);
        assertThat(cloud.volume(stuck.volume())).as(state).containsEntry("status", "available");

        Attached stale = scene.attached("upgrade-refresh");
        Http.Answer refresh = cloud.http()
                .post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", "{}");
        assertThat(refresh.status()).as(state + ": " + refresh.text()).isEqualTo(200);
        assertThat(cloud.journal(stale.volume())).as(state).containsEntry("state", "done");

        awaitDone(job(2), 2);
    }

    private String job(int items) {
        List<String> volumes = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            volumes.add(scene.stuck("upgrade-job", "error_detaching").volume());
        }
        Http.Answer made = cloud.http()
                .post("/reseat/v1/jobs", JSON.writeValueAsString(Map.of(
                        "select", Map.of("ids", volumes), "reset", Map.of("status", "available"), "apply", true)));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return made.json().at("/job/id").asString();
    }

    /** Or was stopped by a limit. */
    private void awaitEnded(String job) {
        cloud.await(cloud.cinder(), "EXISTS (SELECT 1 FROM reseat.job WHERE CAST(id AS text) = ?"
                + " AND state IN ('done', 'stopped')) AND NOT EXISTS (SELECT 1 FROM reseat.job_item"
                + " WHERE CAST(job AS text) = ? AND state IN ('running', 'unknown'))", job, job);
    }

    private void awaitDone(String job, int items) {
        cloud.await(cloud.cinder(), "EXISTS (SELECT 1 FROM reseat.job WHERE CAST(id AS text) = ?"
                + " AND ended_at IS NOT NULL)", job);
        assertThat(cloud.rows()
                .rows(cloud.cinder(), "SELECT state, detail, plan FROM reseat.job_item WHERE CAST(job AS text) = ?"
                        + " AND state <> 'done'", job))
                .isEmpty();
        assertThat(cloud.rows()
                .row(cloud.cinder(), "SELECT count(*) AS n FROM reseat.job_item WHERE CAST(job AS text) = ?", job))
                .containsEntry("n", (long) items);
    }
}
