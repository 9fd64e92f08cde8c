package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.lvm.LvmBackend;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The portal of a real iSCSI target moves: what is stored leads nowhere, the backend says where the volume is now, and
 * a new connection leads there, with the name and password that it had.
 */
final class PortalMovedIT {
    private static final String INITIATOR = "iqn.2026-01.example:compute-1";
    private static final Map<String, Object> CONNECTOR = Map.of("host", "compute-1", "initiator", INITIATOR);

    private static LvmBackend lvm;

    private final String volume = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws Exception {
        lvm = LvmBackend.start();
    }

    @AfterAll
    static void stop() {
        if (lvm != null) {
            lvm.close();
        }
    }

    private OneBackend manager(VolumeDriver driver, String attachment) {
        OneBackend cloud = new OneBackend(new MemoryTransport(new MemoryBroker()), Map.of("one", driver), Replaces.NONE,
                Duration.ofSeconds(60)).start();
        cloud.state().add(Rows.volume(volume, "host-1@one#pool", Map.of()));
        cloud.state().add(Rows.attachment(attachment, volume, Map.of()));
        return cloud;
    }

    /** As a refresh has the backend let the host in for a fresh attachment. */
    private Map<String, Object> connect(OneBackend cloud, String attachment) {
        Map<?, ?> answer = cloud.call("attachment_update", Map.of(
                "vref", Rows.volume(volume, "host-1@one#pool", Map.of()), "connector", CONNECTOR, "attachment_id",
                attachment), Map.class);
        Map<String, Object> flat = new HashMap<>();
        answer.forEach((key, value) -> flat.put(String.valueOf(key), value));
        flat.remove("attachment_id");
        return flat;
    }

    private static ConnectionInfo nested(Map<String, Object> flat) {
        Map<String, Object> data = new HashMap<>(flat);
        String type = String.valueOf(data.remove("driver_volume_type"));
        return ConnectionInfo.of(Map.of("driver_volume_type", type, "data", data));
    }

    private Map<?, ?> location(OneBackend cloud) {
        DescribeConnections.Result seen = cloud.callReseat(
                DescribeConnections.METHOD, Map.of("volume_id", volume), DescribeConnections.Result.class);
        return (Map<?, ?>) seen.location().orElseThrow().get("data");
    }

    @Test
    void whatIsStoredLeadsNowhereAndANewConnectionLeadsToTheSameTarget() throws Exception {
        lvm.create("volume-" + volume);
        Map<String, Object> stored;
        try (OneBackend before = manager(lvm.driver(), "a-1")) {
            stored = connect(before, "a-1");
            assertThat(location(before).get("target_portal")).isEqualTo(stored.get("target_portal"));
            try (var _ = lvm.connect(nested(stored), INITIATOR)) {
                assertThat(lvm.lvm().connected(String.valueOf(stored.get("target_iqn")))).containsExactly(INITIATOR);
            }
        }
        lvm.lvm().movePortal(LoopbackPorts.reserve());

        try (OneBackend after = manager(lvm.driver(), "a-2")) {
            assertThat(location(after).get("target_portal")).as("what a refresh is decided by")
                    .isNotEqualTo(stored.get("target_portal"));
            assertThatThrownBy(() -> lvm.connect(nested(stored), INITIATOR)).isInstanceOf(IllegalStateException.class);
            Map<String, Object> fresh = connect(after, "a-2");

            assertThat(fresh.get("target_portal")).isEqualTo("127.0.0.1:" + lvm.lvm().port());
            for (String same : new String[]{"target_iqn", "target_lun", "auth_username", "auth_password"}) {
                assertThat(fresh.get(same)).as(same).isEqualTo(stored.get(same));
            }
            assertThat(connect(after, "a-2")).as("once more, and nothing changes").isEqualTo(fresh);
            try (var _ = lvm.connect(nested(fresh), INITIATOR)) {
                assertThat(lvm.lvm().connected(String.valueOf(fresh.get("target_iqn")))).containsExactly(INITIATOR);
            }
        }
    }
}
