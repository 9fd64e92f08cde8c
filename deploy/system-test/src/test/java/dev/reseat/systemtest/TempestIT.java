package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.Dialect;
import dev.reseat.broker.LoopbackPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Tempest's own tests of resets, reservations, attachments and forced detaching, as Debian packages them and
 * unmodified: for its clients an api-node of ours is block storage, in front of a cinder-api that asks Keystone, beside
 * a Nova that makes the servers.
 */
@Tag("broker")
@Tag("database")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TempestIT {
    private OpenStackWithOurs cloud;
    private ServiceProcess front;
    private Path settings;

    @BeforeAll
    void stand() throws Exception {
        OpenStackPrograms.require("tempest", "glance-api", "nova-scheduler");
        cloud = OpenStackWithOurs.start(Dialect.POSTGRESQL);
        int port = LoopbackPorts.reserve();
        OpenStackCompute compute = cloud.openstack().startComputeApi();
        front = cloud.ours().inFrontOfGuardedCinderApi(port).launch();
        compute.catalog("volume-in-front", "http://127.0.0.1:" + port + "/v3/$(project_id)s");
        settings = Files.writeString(
                cloud.openstack().settings().file("tempest"), compute.tempest("volume-in-front"));
        front.awaitStarted();
    }

    @AfterAll
    void end() throws Exception {
        if (front != null) {
            front.kill();
        }
        if (cloud != null) {
            cloud.close();
        }
    }

    @Test
    void volumesAreResetDeletedAndDetachedByForce() {
        run(6, "tempest.api.volume.admin.test_volumes_actions");
    }

    @Test
    void volumesAreReservedAndAttached() {
        String members = "tempest.api.volume.test_volumes_actions.VolumesActionsTest.";
        run(4, members + "test_attach_detach_volume_to_instance", members + "test_get_volume_attachment",
                members + "test_reserve_unreserve_volume", members + "test_volume_readonly_update");
    }

    /** @param tests how many there are of these names */
    private void run(int tests, String... names) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-m", "testtools.run"));
        command.addAll(List.of(names));
        Program ended = Program.run(
                Map.of("TEMPEST_CONFIG_DIR", settings.getParent().toString(), "TEMPEST_CONFIG",
                        settings.getFileName().toString()),
                command);

        String said = ended.out() + ended.err();
        assertThat(ended.code()).as(said).isZero();
        assertThat(said).contains("Ran " + tests + " tests", "OK").doesNotContainIgnoringCase("skip");
    }
}
