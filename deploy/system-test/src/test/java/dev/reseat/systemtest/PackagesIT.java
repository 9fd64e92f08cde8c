package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of the packages on a clean Debian, with a broker and databases that are ours alone. */
@Tag("slow")
@Tag("broker")
@Tag("database")
final class PackagesIT {
    private static final List<String> SERVICES = PackagedCloud.SERVICES;

    private PackagedCloud packaged;
    private Cloud cloud;
    private Scene scene;
    private CleanRoot root;

    @BeforeEach
    void makeARoot() throws IOException {
        packaged = PackagedCloud.prepared();
        cloud = packaged.cloud();
        scene = new Scene(cloud);
        root = packaged.root();
    }

    @AfterEach
    void close() {
        if (packaged != null) {
            packaged.close();
        }
    }

    @Test
    void theyAreInstalledStartAsTheirUnitsSayRepairAreRemovedAndPurged() throws Exception {
        packaged.install(BuiltPackages.current().debs());
        assertThat(root.run("systemctl", "is-enabled", "reseat-compute-agent").out().strip()).isEqualTo("disabled");
        packaged.configure();
        onlyTheServiceReadsItsSettings();
        packaged.syncTables();
        packaged.start();
        repair();
        theirCachesFitAndAreNotNeeded();
        Path removal = packaged.leaveARemovalUnfinished();

        remove();
        purge(removal);
    }

    private void onlyTheServiceReadsItsSettings() {
        assertThat(root.run("stat", "-c", "%a %U %G", "/etc/reseat/reseat-api-node.conf").out().strip())
                .isEqualTo("640 root reseat");
        assertThat(root.run("stat", "-c", "%a %U", "/var/lib/reseat/api", "/var/lib/reseat/compute").out().lines())
                .containsExactly("700 reseat", "700 root");
    }

    /** A reset and a refresh. */
    private void repair() {
        Attached stuck = scene.stuck("packaged-reset", "detaching");
        Http.Answer reset = cloud.http()
                .post("/v3/volumes/" + stuck.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
        assertThat(reset.status()).as(reset.text()).isEqualTo(202);
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");
        assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");
        assertThat(scene.isExported(stuck)).isFalse();

        Attached stale = scene.attached("packaged-refresh");
        Http.Answer refresh = cloud.http()
                .post("/reseat/v1/block-device-mappings/" + stale.mapping() + "/refresh", "{}");
        assertThat(refresh.status()).as(refresh.text()).isEqualTo(200);
    }

    /** A cache holds for the very files that it was made with; a service with others starts as it would without one. */
    private void theirCachesFitAndAreNotNeeded() throws Exception {
        for (String service : SERVICES) {
            assertThat(packaged.unit(service).maps(cache(service))).as(service).isTrue();
        }
        String other = "reseat-compute-agent";
        packaged.unit(other).stop();
        root.run("sh", "-c", "touch /usr/lib/reseat/compute-agent/reseat-*.jar").assertSucceeded();
        packaged.unit(other).start();
        assertThat(packaged.unit(other).maps(cache(other))).isFalse();
    }

    private static String cache(String service) {
        String program = service.substring("reseat-".length());
        return "/usr/lib/reseat/" + program + "/" + program + ".aot";
    }

    private void remove() throws InterruptedException {
        packaged.stop();
        root.run("sh", "-c", "dpkg -r $(dpkg-query --show --showformat '${Package} ' 'reseat-*')").assertSucceeded();

        assertThat(root.path("/usr/lib/reseat")).doesNotExist();
        assertThat(root.path("/usr/bin/reseat")).doesNotExist();
        assertThat(SERVICES).allSatisfy(service -> assertThat(root.path("/etc/reseat/" + service + ".conf")).exists());
        assertThat(root.path("/var/lib/reseat/api")).exists();
    }

    private void purge(Path removal) {
        Program purge = root.run("dpkg", "-P", "reseat-api-node", "reseat-volume-manager", "reseat-compute-agent");
        purge.assertSucceeded();

        assertThat(purge.err()).contains("holds unfinished removals and is left");
        assertThat(removal).exists();
        assertThat(root.path("/etc/reseat")).doesNotExist();
        assertThat(root.path("/var/lib/reseat/api")).doesNotExist();
        assertThat(root.path("/var/lib/reseat/volume")).doesNotExist();
    }
}
