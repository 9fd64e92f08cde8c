package dev.reseat.compute.connector.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.PythonPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a real os-brick that disconnects a volume of the same host. */
final class OsBrickNeighbourIT {
    private static final String PORTAL = "192.0.2.20:3260";
    private static final String IQN = "iqn.2010-10.org.openstack:volume-1";

    @TempDir private Path root;
    @TempDir private Path locks;

    @Test
    void nothingIsDisconnectedWhileOsBrickIsAtWork() throws Exception {
        IscsiHostFake host = new IscsiHostFake(root);
        host.disk(host.logIn(PORTAL, IQN), 1);
        var lock = new OsBrickLock(Optional.of(locks), new NovaProcesses(root.resolve("proc")));
        var connector = new IscsiConnector(new HostConfig("host-a", "192.0.2.10", false, Optional.of(locks)), lock,
                host, root);
        var volume = (ConnectionInfo.Iscsi) ConnectionInfo.of("iscsi",
                Map.of("target_portal", PORTAL, "target_iqn", IQN, "target_lun", 1));

        try (PythonPeer brick = brick()) {
            assertThat(brick.line()).isEqualTo("begun");
            assertThatThrownBy(() -> connector.disconnect(volume, Deadline.after(Duration.ofMillis(300))))
                    .isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining("os-brick-connect_volume");
            assertThat(host.ran()).isEmpty();
            brick.send("go on");
            assertThat(brick.line()).isEqualTo("done");
        }
        connector.disconnect(volume, Deadline.after(Duration.ofSeconds(60)));
        assertThat(host.hasRecord(PORTAL, IQN)).isFalse();
    }

    private PythonPeer brick() {
        return PythonPeer.start("os_brick_host.py", "disconnect", locks.toString(),
                "{\"target_portal\": \"192.0.2.77:3260\", \"target_iqn\": \"iqn.other\", \"target_lun\": 1}");
    }
}
