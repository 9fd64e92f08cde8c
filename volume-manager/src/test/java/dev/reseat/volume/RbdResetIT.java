package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.Replaces;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.rbd.CephBackend;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A reset, driver first, of volumes on a real Ceph that Cinder's own settings name. */
final class RbdResetIT {
    private static final String VOLUME = "e3333de9-0000-4000-8000-000000000007";

    private static CephBackend ceph;

    @BeforeAll
    static void start() throws Exception {
        ceph = CephBackend.start();
        ceph.create("volume-" + VOLUME);
    }

    @AfterAll
    static void stop() throws Exception {
        if (ceph != null) {
            ceph.close();
        }
    }

    private static VolumeDriver driver() {
        VolumeManagerConfig config = Settings.parse("""
                [DEFAULT]
                enabled_backends = one
                [one]
                volume_driver = cinder.volume.drivers.rbd.RBDDriver
                rbd_pool = volumes
                rbd_user = cinder
                rbd_ceph_conf = %s
                """.formatted(ceph.conf())).checked(settings -> VolumeManagerConfig.from(settings, "host-1"));
        return config.backends().getFirst().driver().create();
    }

    private static ResetStatus.Result reset(OneBackend cloud, String status) {
        return cloud.callReseat(
                ResetStatus.METHOD, Map.of("volume_id", VOLUME, "status", status), ResetStatus.Result.class);
    }

    @Test
    void isRefusedUnderALiveWatcherThatIsNamedAndProvedWhenItHasGone() throws Exception {
        VolumeAttachmentObject attachment = Rows.attachment("a-1", VOLUME,
                Map.of("connector", Map.of("host", "compute-1", "ip", "127.0.0.1")));
        try (var cloud = new OneBackend(
                new MemoryTransport(new MemoryBroker()), Map.of("one", driver()), Replaces.NONE,
                Duration.ofSeconds(60)).start()) {
            cloud.state().add(Rows.volume(VOLUME, "host-1@one#pool", Map.of()));
            cloud.state().add(attachment);

            assertThat(reset(cloud, "in-use").outcome()).isEqualTo(Outcome.PROVED);
            try (var _ = ceph.watch("volume-" + VOLUME)) {
                ResetStatus.Result refused = reset(cloud, "available");

                assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(refused.detail()).contains("watches the image", "compute-1");
                assertThat(refused.connections()).singleElement().satisfies(connection -> {
                    assertThat(connection.host()).contains("compute-1");
                    assertThat(connection.inUse()).isEqualTo(Answer.YES);
                    assertThat(connection.detail()).contains("at 127.0.0.1:", "session client.");
                });
            }
            assertThat(reset(cloud, "available").outcome()).isEqualTo(Outcome.PROVED);
        }
    }
}
