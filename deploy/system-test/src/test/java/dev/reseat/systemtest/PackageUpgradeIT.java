package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Packages are replaced by those of a higher version while calls go on. The release before had no packages: the lower
 * version is this tree's own. How its programs get on with those of the release before, {@link RollingUpgradeIT} shows.
 */
@Tag("slow")
@Tag("broker")
@Tag("database")
final class PackageUpgradeIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ITEMS = 20;
    private static final Duration ENDED = Duration.ofMinutes(5);
    private static final String REMARK = "# written by the operator\n";

    private PackagedCloud packaged;
    private Cloud cloud;
    private Scene scene;

    @BeforeEach
    void installTheVersionBefore() throws Exception {
        packaged = PackagedCloud.prepared();
        cloud = packaged.cloud();
        scene = new Scene(cloud);
        packaged.install(BuiltPackages.current().underVersion("0.0.9").debs());
        packaged.configure();
        for (String service : PackagedCloud.SERVICES) {
            Files.writeString(settings(service), REMARK, StandardOpenOption.APPEND);
        }
        packaged.syncTables();
        packaged.start();
    }

    @AfterEach
    void close() {
        if (packaged != null) {
            packaged.close();
        }
    }

    @Test
    void journalJobsRemovalsAndSettingsAreKeptAndNoCallIsLost() throws Exception {
        Attached before = scene.stuck("before-the-upgrade", "detaching");
        reset(before);
        Map<String, Object> entry = cloud.journal(before.volume());
        Path removal = packaged.leaveARemovalUnfinished();
        String removing = Files.readString(removal);
        List<String> settings = allSettings();

        try (SteadyCalls calls = SteadyCalls.begin(cloud.settings())) {
            List<String> volumes = stuckVolumes();
            String job = job(volumes);
            packaged.install(BuiltPackages.current().debs());
            calls.awaitMore("with new files under services that run");
            packaged.syncTables();
            for (String service : PackagedCloud.SERVICES) { // what systemd is told to do after the files are there
                packaged.unit(service).stop();
                packaged.unit(service).start();
                calls.awaitMore("after the restart of " + service);
            }
            everyItemIsDone(job, volumes);
            assertThat(calls.failures()).isEmpty();
        }

        assertThat(installed()).allMatch(version -> version.endsWith(" 0.1.0"));
        assertThat(cloud.journal(before.volume())).isEqualTo(entry);
        assertThat(removal).hasContent(removing);
        assertThat(allSettings()).isEqualTo(settings).allMatch(text -> text.endsWith(REMARK));
        reset(scene.stuck("after-the-upgrade", "detaching"));
    }

    private void reset(Attached stuck) {
        Http.Answer reset = cloud.http()
                .post("/v3/volumes/" + stuck.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
        assertThat(reset.status()).as(reset.text()).isEqualTo(202);
        assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");
    }

    private List<String> stuckVolumes() {
        List<String> volumes = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            volumes.add(scene.stuck("upgrade-job", "error_detaching").volume());
        }
        return volumes;
    }

    /** Planned, and at work. */
    private String job(List<String> volumes) {
        Http.Answer made = cloud.http()
                .post("/reseat/v1/jobs", JSON.writeValueAsString(Map.of(
                        "select", Map.of("ids", volumes), "reset", Map.of("status", "available"), "apply", true)));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String job = made.json().at("/job/id").asString();
        cloud.await(cloud.cinder(), "EXISTS (SELECT 1 FROM reseat.job WHERE CAST(id AS text) = ?"
                + " AND state <> 'planning')", job);
        return job;
    }

    /** What found nobody when its turn came was tried again. */
    private void everyItemIsDone(String job, List<String> volumes) {
        cloud.await(ENDED, cloud.cinder(), "EXISTS (SELECT 1 FROM reseat.job WHERE CAST(id AS text) = ?"
                + " AND ended_at IS NOT NULL)", job);
        assertThat(cloud.rows()
                .rows(cloud.cinder(), "SELECT state, detail FROM reseat.job_item WHERE CAST(job AS text) = ?", job))
                .hasSize(ITEMS)
                .allSatisfy(item -> assertThat(item).containsEntry("state", "done"));
        assertThat(volumes).allSatisfy(
                volume -> assertThat(cloud.volume(volume)).containsEntry("status", "available"));
    }

    private List<String> allSettings() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String service : PackagedCloud.SERVICES) {
            texts.add(Files.readString(settings(service)));
        }
        return texts;
    }

    private Path settings(String service) {
        return packaged.root().path("/etc/reseat/" + service + ".conf");
    }

    private List<String> installed() {
        return packaged.root()
                .run("dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", "reseat-*")
                .out()
                .lines()
                .toList();
    }
}
