package dev.reseat.compute.connector.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.connector.Within;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.VmHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** On a real kernel with open-iscsi and multipath, at two portals of a real tgtd; and beside a real os-brick. */
@Tag("slow")
final class IscsiVmIT {
    private static final String IQN = "iqn.2010-10.org.openstack:volume-";
    private static final String PASSWORD = "password-of-it";
    private static VmHost vm;
    private static VmTarget target;

    @TempDir private Path locks;

    @BeforeAll
    static void startHost() throws IOException {
        vm = VmHost.start();
        target = VmTarget.start(vm);
        target.add(1, IQN + 1, "user", PASSWORD);
        target.add(2, IQN + 2, "user", PASSWORD);
    }

    @AfterEach
    void logOutEverywhere() {
        vm.shell("""
                multipath -F || true
                iscsiadm -m node -u || true
                iscsiadm -m node -o delete || true
                iscsiadm -m discoverydb -t sendtargets -p 10.77.0.1:3260 -o delete || true
                """);
    }

    @AfterAll
    static void stopHost() {
        if (target != null) {
            target.close();
        }
        if (vm != null) {
            vm.close();
        }
    }

    private IscsiConnector open() {
        return connector(false, vm.commands());
    }

    private IscsiConnector connector(boolean multipath, CommandRunner commands) {
        return new IscsiConnector(new HostConfig("host-a", vm.machine().address(0), multipath, Optional.empty()),
                new OsBrickLock(Optional.of(locks), new NovaProcesses(vm.root().resolve("proc"))), commands, vm.root());
    }

    private static ConnectionInfo.Iscsi volume(int number) {
        return volume(number, 1, PASSWORD);
    }

    private static ConnectionInfo.Iscsi volume(int number, int lun, String password) {
        return (ConnectionInfo.Iscsi) ConnectionInfo.of("iscsi", Map.of("target_portal", "10.77.0.1:3260",
                "target_iqn", IQN + number, "target_lun", lun, "auth_method", "CHAP", "auth_username", "user",
                "auth_password", password));
    }

    private static ConnectionInfo.Iscsi several() {
        Map<String, Object> data = new LinkedHashMap<>(volume(1, 1, PASSWORD).document().data());
        data.put("target_portals", List.of("10.77.0.1:3260", "10.77.1.1:3260"));
        data.put("target_iqns", List.of(IQN + 1, IQN + 1));
        data.put("target_luns", List.of(1, 1));
        return (ConnectionInfo.Iscsi) ConnectionInfo.of("iscsi", data);
    }

    private static void eventually(Within.Fact fact) throws IOException {
        assertThat(Within.holds(Duration.ofMinutes(3), fact)).isTrue();
    }

    private static String nothingLeft() {
        return vm.shell("ls /sys/class/iscsi_session; lsblk -ndo NAME | grep -E '^(sd|dm)' || true;"
                + " iscsiadm -m node 2>/dev/null || true");
    }

    @Test
    void isRecordedByOnePortalWithChap() {
        IscsiConnector recorded = connector(false, vm.recording("iscsi-one.txt"));

        Device device = recorded.connect(volume(1), soon());
        vm.keep("iscsi-one-files.txt", "/sys/class/iscsi_session/session1",
                "/sys/class/iscsi_connection/connection1:0");
        vm.shell("echo hello | dd of=" + device.path() + " conv=fsync status=none");
        assertThat(recorded.connect(volume(1), soon())).isEqualTo(device);
        assertThat(recorded.inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(recorded.inspect(volume(2)).held()).isEqualTo(Answer.NO);
        recorded.disconnect(volume(1), soon());
        recorded.disconnect(volume(1), soon());
        assertThat(nothingLeft()).isBlank();
        assertThatThrownBy(() -> recorded.connect(volume(9), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThatThrownBy(() -> recorded.connect(volume(1, 1, "another-password"), soon()))
                .isInstanceOf(ConnectorException.Failed.class);

        assertThat(nothingLeft()).isBlank();
    }

    @Test
    void severalPortalsAreOneMapThatIsFlushedAndRemoved() throws IOException {
        IscsiConnector several = connector(true, vm.recording("iscsi-two.txt"));

        Device device = several.connect(several(), soon());

        assertThat(device.path().toString()).startsWith("/dev/dm-");
        assertThat(device.paths()).hasSize(2);
        assertThat(several.connect(several(), soon())).isEqualTo(device);
        vm.shell("mkfs.ext4 -q " + device.path() + "; mkdir -p /mnt/v; mount " + device.path() + " /mnt/v");
        try {
            assertThatThrownBy(() -> several.disconnect(several(), soon())).isInstanceOf(ConnectorException.Busy.class);
            assertThat(several.inspect(several()).held()).isEqualTo(Answer.YES);
        } finally {
            vm.shell("umount /mnt/v");
        }
        several.disconnect(several(), soon());
        assertThat(several.inspect(several()).held()).isEqualTo(Answer.NO);
        assertThat(nothingLeft()).isBlank();
    }

    /** This tgtd tells of the portal only that it was asked at. */
    @Test
    void aPortalIsAskedForTheOtherWays() {
        IscsiConnector several = connector(true, vm.recording("iscsi-discovery.txt"));

        Device device = several.connect(volume(1), soon());

        assertThat(device.path().toString()).startsWith("/dev/dm-");
        assertThat(device.paths()).hasSize(1);
        several.disconnect(volume(1), soon());
        assertThat(nothingLeft()).doesNotContain(IQN + 1); // of others it has records now
    }

    @Test
    void aSessionGoesOnlyWithItsLastUnit() throws IOException {
        target.unit(2, 2);
        open().connect(volume(2), soon());
        open().connect(volume(2, 2, PASSWORD), soon());

        open().disconnect(volume(2), soon());
        assertThat(open().inspect(volume(2)).held()).isEqualTo(Answer.NO);
        assertThat(open().inspect(volume(2, 2, PASSWORD)).held()).isEqualTo(Answer.YES);
        open().disconnect(volume(2, 2, PASSWORD), soon());

        assertThat(nothingLeft()).isBlank();
    }

    @Test
    void aFailedSessionIsHeldAndSaidToBeSoAndItsDiskIsNotThrownAway() throws IOException {
        Device device = open().connect(volume(1), soon());
        target.fence(1);
        try {
            eventually(() -> open().inspect(volume(1)).detail().contains("is FAILED"));
            vm.keep("iscsi-failed-files.txt", "/sys/class/iscsi_session/",
                    "/sys/block/" + device.path().getFileName() + "/device/state");
            assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        } finally {
            target.admit(1);
        }
        eventually(() -> open().inspect(volume(1)).detail().contains("is LOGGED_IN"));
        open().disconnect(volume(1), soon());
        assertThat(nothingLeft()).isBlank();
    }

    @Test
    void whatOsBrickConnectsIsDisconnectedHereAndTheOtherWayRound() {
        for (boolean many : List.of(false, true)) {
            ConnectionInfo.Iscsi volume = many ? several() : volume(1);
            String connection = JsonMapper.shared().writeValueAsString(volume.document().data());
            IscsiConnector ours = connector(many, vm.commands());
            vm.python("os_brick_host.py", "attach", "ISCSI", String.valueOf(many), connection);
            assertThat(ours.inspect(volume).held()).isEqualTo(Answer.YES);
            ours.disconnect(volume, soon());
            assertThat(nothingLeft()).isBlank();

            Device device = ours.connect(volume, soon());
            vm.python("os_brick_host.py", "detach", "ISCSI", String.valueOf(many), connection, JsonMapper.shared()
                    .writeValueAsString(Map.of("type", "block", "path", device.path().toString(), "scsi_wwn",
                            device.wwid().orElseThrow())));
            assertThat(ours.inspect(volume).held()).isEqualTo(Answer.NO);
            assertThat(nothingLeft()).isBlank();
        }
    }

    private static Deadline soon() {
        return VolumeConnectorContract.soon();
    }
}
