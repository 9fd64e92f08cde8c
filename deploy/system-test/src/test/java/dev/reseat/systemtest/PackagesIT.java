package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of the packages on a clean Debian, with a broker and databases that are ours alone. */
@Tag("slow")
@Tag("broker")
@Tag("database")
final class PackagesIT {
    private static final List<String> SERVICES =
            List.of("reseat-api-node", "reseat-volume-manager", "reseat-compute-agent");
    private static final Path REMOVAL = Path.of("/var/lib/reseat/compute/removals/of-the-time-before.instance.json");

    private Cloud cloud;
    private Scene scene;
    private CleanRoot root;
    private final Map<String, InstalledUnit> units = new LinkedHashMap<>();

    @BeforeEach
    void makeARoot() throws IOException {
        cloud = Cloud.prepared();
        scene = new Scene(cloud);
        root = CleanRoot.open(cloud.settings().directory());
        for (String service : SERVICES) {
            units.put(service,
                    new InstalledUnit(root, service, cloud.settings().directory().resolve(service + ".log")));
        }
    }

    @AfterEach
    void close() {
        units.values().forEach(InstalledUnit::close);
        if (root != null) {
            root.close();
        }
        cloud.close();
    }

    @Test
    void theyAreInstalledStartAsTheirUnitsSayRepairAreRemovedAndPurged() throws Exception {
        cloud.rows().execute(cloud.cinder(), "DROP SCHEMA reseat CASCADE");
        install(BuiltPackages.current().debs());
        assertThat(root.run("systemctl", "is-enabled", "reseat-compute-agent").out().strip()).isEqualTo("disabled");
        configure();
        root.run("reseat", "db", "sync").assertSucceeded();
        for (InstalledUnit unit : units.values()) {
            unit.start();
        }
        repair();
        leaveARemovalUnfinished();

        remove();
        purge();
    }

    /** What is asked for stands in words that dpkg checks: nothing is fetched, nothing is missing. */
    private void install(List<Path> debs) throws IOException {
        Path folder = Files.createDirectories(root.path("/root/packages"));
        List<String> words = new ArrayList<>(List.of("dpkg", "--force-confdef", "--force-confold", "-i"));
        for (Path deb : debs) {
            Files.copy(deb, folder.resolve(deb.getFileName()));
            words.add("/root/packages/" + deb.getFileName());
        }
        root.run(words.toArray(String[]::new)).assertSucceeded();
        Program.run("rm", "-rf", folder.toString()).assertSucceeded();
    }

    /** As an operator writes them, over the samples; who may read a file is not touched. */
    private void configure() throws IOException {
        for (String service : SERVICES) {
            String file = "/etc/reseat/" + service + ".conf";
            String text = Files.readString(cloud.settings().directory().resolve(service + ".conf"))
                    .replaceFirst("\\[DEFAULT]\n", "[DEFAULT]\nrpc_ping_enabled = true\n")
                    .replaceAll("state_path = .*\n", "")
                    // JVMs that have just been started, on a busy machine
                    .replaceAll("(rpc_response_timeout|driver_timeout|probe_timeout) = \\d+", "$1 = 50");
            Files.writeString(root.path(file), text);
        }
        int account = root.id("-u", "reseat");
        Program.run("chown", account + ":" + account, cloud.settings().volumes().toString()).assertSucceeded();
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

    /** Its host is done, and its caller has gone: it stays until somebody asks again. */
    private void leaveARemovalUnfinished() throws IOException {
        Files.writeString(root.path(REMOVAL.toString()), """
                {"volume_id": "of-the-time-before", "instance_uuid": "instance", "attachment_id": "attachment",
                 "deletes_attachment": true, "driver_volume_type": "local", "device": null, "request_id": "req-1",
                 "begun": "2026-11-22T00:00:00Z", "step": "BLOCK_STORAGE"}
                """);
    }

    private void remove() throws InterruptedException {
        for (InstalledUnit unit : units.values()) {
            unit.stop();
        }
        root.run("dpkg", "-r", "reseat-api-node", "reseat-volume-manager", "reseat-compute-agent", "reseat-cli",
                "reseat-runtime")
                .assertSucceeded();

        assertThat(root.path("/usr/lib/reseat")).doesNotExist();
        assertThat(root.path("/usr/bin/reseat")).doesNotExist();
        assertThat(SERVICES).allSatisfy(service -> assertThat(root.path("/etc/reseat/" + service + ".conf")).exists());
        assertThat(root.path("/var/lib/reseat/api")).exists();
    }

    private void purge() {
        Program purge = root.run("dpkg", "-P", "reseat-api-node", "reseat-volume-manager", "reseat-compute-agent");
        purge.assertSucceeded();

        assertThat(purge.err()).contains("holds unfinished removals and is left");
        assertThat(root.path(REMOVAL.toString())).exists();
        assertThat(root.path("/etc/reseat")).doesNotExist();
        assertThat(root.path("/var/lib/reseat/api")).doesNotExist();
        assertThat(root.path("/var/lib/reseat/volume")).doesNotExist();
    }
}
