package dev.reseat.compute.connector.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.OsBrickLock;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a host as its kernel shows it and as os-brick's commands change it. */
final class IscsiConnectorTest extends VolumeConnectorContract<ConnectionInfo.Iscsi> {
    private static final String P1 = "192.0.2.20:3260";
    private static final String P2 = "192.0.2.21:3260";
    private static final String IQN = "iqn.2010-10.org.openstack:volume-";

    @TempDir private Path root;
    @TempDir private Path locks;

    private IscsiHostFake host;

    @BeforeEach
    void makeHost() {
        if (host == null) { // the contract opens its connector first
            host = new IscsiHostFake(root);
            for (int i = 1; i <= 2; i++) {
                host.with(P1, IQN + i).with(P2, IQN + i);
            }
        }
    }

    @Override
    protected boolean seesWhatItCannotReach() {
        return true;
    }

    @Override
    protected IscsiConnector open() {
        return connector(false);
    }

    private IscsiConnector connector(boolean multipath) {
        makeHost();
        return new IscsiConnector(new HostConfig("host-a", "192.0.2.10", multipath, Optional.empty()),
                new OsBrickLock(Optional.of(locks), new NovaProcesses(root.resolve("proc"))), host, root);
    }

    @Override
    protected ConnectionInfo.Iscsi volume(int number) {
        return volume(P1, number, 1);
    }

    @Override
    protected ConnectionInfo.Iscsi unreachable() {
        return volume("192.0.2.99:3260", 9, 1);
    }

    private static ConnectionInfo.Iscsi volume(String portal, int number, int lun) {
        return (ConnectionInfo.Iscsi) ConnectionInfo.of("iscsi", Map.of("target_portal", portal, "target_iqn",
                IQN + number, "target_lun", lun, "auth_method", "CHAP", "auth_username", "user", "auth_password",
                "secret-of-the-volume"));
    }

    private static ConnectionInfo.Iscsi several() {
        return several(1, 1);
    }

    /** At the second portal the volume is that unit of that target. */
    private static ConnectionInfo.Iscsi several(int target, int lun) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("target_portal", P1);
        data.put("target_iqn", IQN + 1);
        data.put("target_lun", 1);
        data.put("target_portals", List.of(P1, P2));
        data.put("target_iqns", List.of(IQN + 1, IQN + target));
        data.put("target_luns", List.of(1, lun));
        return (ConnectionInfo.Iscsi) ConnectionInfo.of("iscsi", data);
    }

    private static String node(int number, String more) {
        return "iscsiadm -m node -T " + IQN + number + " -p " + P1 + more;
    }

    @Test
    void connectsInOsBricksOrderAndShowsNoPassword() {
        Device device = open().connect(volume(1), soon());

        assertThat(device.path()).isEqualTo(Path.of("/dev/sda"));
        assertThat(device.wwid()).contains("360000000000000000e00000000010001");
        assertThat(host.ran()).containsExactly(
                node(1, ""),
                node(1, " --interface default --op new"),
                node(1, " --op update -n node.session.scan -v manual"),
                node(1, " --op update -n node.session.auth.authmethod -v CHAP"),
                node(1, " --op update -n node.session.auth.username -v user"),
                node(1, " --op update -n node.session.auth.password -v secret-of-the-volume"),
                node(1, " --login"),
                node(1, " --op update -n node.startup -v automatic"),
                "tee -a /sys/class/scsi_host/host1/scan <- - 1");
        assertThat(host.shown()).noneMatch(line -> line.contains("secret-of"));
    }

    @Test
    void disconnectsInOsBricksOrder() {
        open().connect(volume(1), soon());
        host.forgetCommands();

        open().disconnect(volume(1), soon());

        assertThat(host.ran()).containsExactly(
                "iscsiadm -m discoverydb -o show -P 1",
                "iscsiadm -m node",
                "blockdev --flushbufs /dev/sda",
                "tee -a /sys/block/sda/device/delete <1",
                node(1, " --op update -n node.startup -v manual"),
                node(1, " --logout"),
                node(1, " --op delete"));
        assertThat(host.hasRecord(P1, IQN + 1)).isFalse();
    }

    @Test
    void aRecordThatWouldLogInAgainGoesWithoutASessionToo() {
        host.remember(P1, IQN + 1);

        open().disconnect(volume(1), soon());

        assertThat(host.hasRecord(P1, IQN + 1)).isFalse();
    }

    @Test
    void aSessionGoesOnlyWithItsLastUnit() {
        int session = host.logIn(P1, IQN + 1);
        host.disk(session, 1);
        host.disk(session, 2);

        open().disconnect(volume(P1, 1, 1), soon());

        assertThat(host.ran()).doesNotContain(node(1, " --logout"));
        assertThat(open().inspect(volume(P1, 1, 1)).held()).isEqualTo(Answer.NO);
        assertThat(open().inspect(volume(P1, 1, 2)).held()).isEqualTo(Answer.YES);
        open().disconnect(volume(P1, 1, 2), soon());
        assertThat(host.ran()).contains(node(1, " --logout"));
    }

    @Test
    void aSessionWithoutADiskIsHeldSinceTheNextScanBringsItBack() {
        host.logIn(P1, IQN + 1);

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(open().inspect(volume(1)).detail()).contains("has no disk now");
        open().disconnect(volume(1), soon());
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aFailedSessionIsStillHeldAndSaidToBeSo() {
        int session = host.logIn(P1, IQN + 1);
        host.state(session, "FAILED", host.disk(session, 1), "blocked");

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(open().inspect(volume(1)).detail()).contains("is FAILED", "/dev/sda blocked");
    }

    @Test
    void whatCannotBeWrittenStays() {
        int session = host.logIn(P1, IQN + 1);
        host.state(session, "FAILED", host.disk(session, 1), "blocked");
        host.fail("blockdev --flushbufs /dev/sda", 1);

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("/dev/sda is blocked");
        assertThat(host.ran()).noneMatch(line -> line.contains("delete") || line.contains("logout"));
    }

    @Test
    void aDiskWithSomethingOnTopIsBusy() {
        int session = host.logIn(P1, IQN + 1);
        host.holder("dm-7", "LVM-abc", List.of(host.disk(session, 1)));

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class)
                .hasMessageContaining("device dm-7");
        assertThat(host.ran()).noneMatch(line -> line.startsWith("blockdev") || line.contains("logout"));
    }

    @Test
    void aDiskWithSomethingOnAPartitionIsBusyToo() {
        int session = host.logIn(P1, IQN + 1);
        host.partition(host.disk(session, 1), "dm-8");

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class)
                .hasMessageContaining("device dm-8");
        assertThat(host.ran()).noneMatch(line -> line.startsWith("blockdev") || line.contains("logout"));
    }

    @Test
    void severalPathsAreOneMapAndGoTogether() {
        host.startMultipathd();
        Device device = connector(true).connect(several(), soon());

        assertThat(device.path()).isEqualTo(Path.of("/dev/dm-0"));
        assertThat(device.paths()).containsExactly(Path.of("/dev/sda"), Path.of("/dev/sdb"));
        assertThat(connector(true).connect(several(), soon())).isEqualTo(device);
        host.forgetCommands();
        connector(true).disconnect(several(), soon());

        assertThat(host.ran()).filteredOn(line -> !line.startsWith("iscsiadm"))
                .containsExactly(
                        "multipath -f 360000000000000000e00000000010001",
                        "tee -a /sys/block/sda/device/delete <1",
                        "tee -a /sys/block/sdb/device/delete <1",
                        "multipathd del path /dev/sda",
                        "multipathd del path /dev/sdb");
        assertThat(connector(true).inspect(several()).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aMapThatIsInUseStaysWithAllItsPaths() {
        host.startMultipathd();
        connector(true).connect(several(), soon());
        host.fail("multipath -f 360000000000000000e00000000010001", 1);

        assertThatThrownBy(() -> connector(true).disconnect(several(), soon()))
                .isInstanceOf(ConnectorException.Busy.class);
        assertThat(host.ran()).noneMatch(line -> line.contains("device/delete") || line.contains("--logout"));
        assertThat(connector(true).inspect(several()).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aDaemonThatDoesNotForgetAPathIsAFailureThatARepeatGetsOver() {
        host.startMultipathd();
        connector(true).connect(several(), soon());
        host.fail("multipathd del path /dev/sda", 127);

        assertThatThrownBy(() -> connector(true).disconnect(several(), soon()))
                .isInstanceOf(ConnectorException.Failed.class);
        connector(true).disconnect(several(), soon());

        assertThat(connector(true).inspect(several()).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aPortalTellsTheOtherWaysWithMultipath() {
        host.startMultipathd();
        host.answer("iscsiadm -m discovery -t sendtargets -I default -p " + P1,
                P1 + ",1 " + IQN + "1\n" + P2 + ",1 " + IQN + "1\n" + P2 + ",1 " + IQN + "2\n");

        Device device = connector(true).connect(volume(1), soon());

        assertThat(device.paths()).hasSize(2);
        host.answer("iscsiadm -m discoverydb -o show -P 1", """
                SENDTARGETS:
                DiscoveryAddress: 192.0.2.20,3260
                Target: iqn.2010-10.org.openstack:volume-1
                	Portal: 192.0.2.20:3260,1
                		Iface Name: default
                	Portal: 192.0.2.21:3260,1
                		Iface Name: default
                DiscoveryAddress: 192.0.2.77,3260
                Target: iqn.2010-10.org.openstack:volume-1
                	Portal: 192.0.2.78:3260,1
                		Iface Name: default
                iSNS:
                No targets found.
                """);
        connector(true).disconnect(volume(1), soon());
        assertThat(connector(true).inspect(several()).held()).isEqualTo(Answer.NO);
        assertThat(host.ran()).noneMatch(line -> line.contains("192.0.2.78"));
    }

    @Test
    void anotherPortalOfTheTargetIsSeenToo() {
        host.disk(host.logIn(P2, IQN + 1), 1);

        assertThat(open().inspect(volume(P1, 1, 1)).held()).isEqualTo(Answer.YES);
        assertThat(open().inspect(volume(P1, 2, 1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aTargetAtAnotherPortalIsLookedThroughForTheUnitThatTheVolumeHasThere() {
        int session = host.logIn("192.0.2.22:3260", IQN + 2);
        host.disk(session, 1); // another volume's
        assertThat(open().inspect(several(2, 7)).held()).isEqualTo(Answer.NO);

        host.disk(session, 7);
        assertThat(open().inspect(several(2, 7)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void addressesAreComparedAsValues() {
        host.with("[fd00:0:0:0:0:0:0:20]:3260", IQN + 1);
        host.disk(host.logIn("[fd00::20]:3260", IQN + 1), 1);

        open().disconnect(volume("[fd00:0:0:0::20]:3260", 1, 1), soon());

        assertThat(host.ran()).contains("iscsiadm -m node -T " + IQN + "1 -p [fd00::20]:3260 --logout"); // as recorded
    }

    @Test
    void aKernelWithoutIscsiIsUnknownAndLeftAlone() {
        host.delete("sys/class/iscsi_transport");

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThatThrownBy(() -> open().requireAble()).isInstanceOf(ConnectorException.Failed.class);
        assertThat(host.ran()).isEmpty();
        assertThat(open().inventory().held()).isEmpty();
        assertThat(open().inventory().blind()).as("a kernel without iSCSI has no session").isEmpty();
    }

    @Test
    void aKernelThatIsNotSeenMayHaveSessions() {
        host.delete("sys");

        assertThat(open().inventory().holds("11111111-2222-3333-4444-555555555555")).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void everySessionIsListed() {
        host.disk(host.logIn(P1, IQN + 1), 1);
        host.disk(host.logIn(P2, IQN + 1), 1);
        host.logIn(P1, IQN + 2);

        assertThat(open().inventory().held()).extracting(HostInventory.Held::name)
                .containsExactly(IQN + 1, IQN + 2);
        assertThat(open().inventory().blind()).as("neither bears an id").hasSize(2);
    }

    @Test
    void onlyATargetOfOneVolumeTellsWhoIsNotThere() {
        String id = "11111111-2222-3333-4444-555555555555";
        String other = "99999999-2222-3333-4444-555555555555";
        int session = host.logIn(P1, IQN + id);
        host.disk(session, 1);
        assertThat(open().inventory().holds(id)).isEqualTo(Answer.YES);
        assertThat(open().inventory().holds(other)).isEqualTo(Answer.NO);
        host.disk(session, 2);
        assertThat(open().inventory().holds(other)).as("one of several units may be").isEqualTo(Answer.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iqn.1992-08.com.example:sn.11111111-2222-3333-4444-555555555555:vs.3",
            "iqn.2016-01.com.example:uuid:11111111-2222-3333-4444-555555555555",
            "iqn.2016-01.com.example:array-11111111-2222-3333-4444-555555555555",
            "iqn.2016-01.com.example:array-volume-11111111-2222-3333-4444-555555555555"})
    void anArrayWhoseOwnNameHasAUuidIsNoVolume(String iqn) {
        host.disk(host.logIn(P1, iqn), 1);
        assertThat(open().inventory().holds("99999999-2222-3333-4444-555555555555")).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aFailedConnectLeavesNothingBehind() {
        ConnectionInfo.Iscsi away = unreachable();

        assertThatThrownBy(() -> open().connect(away, soon())).isInstanceOf(ConnectorException.Failed.class);

        assertThat(host.hasRecord("192.0.2.99:3260", IQN + 9)).isFalse();
    }

    @Test
    void withoutNovasLockNothingIsConnectedOrDisconnectedAndStillLookedAt() {
        host.disk(host.logIn(P1, IQN + 1), 1);
        var alone = new IscsiConnector(new HostConfig("host-a", "192.0.2.10", false, Optional.empty()),
                new OsBrickLock(Optional.empty(), new NovaProcesses(root.resolve("proc"))), host, root);

        assertThatThrownBy(() -> alone.disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("lock_path");
        assertThatThrownBy(alone::requireAble).isInstanceOf(ConnectorException.Refused.class);
        open().requireAble();
        assertThat(alone.inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(host.ran()).isEmpty();
    }

    @Test
    void whenTheTimeIsOverNothingIsBegun() {
        Deadline over = Deadline.after(Duration.ZERO);
        host.disk(host.logIn(P1, IQN + 1), 1);

        assertThatThrownBy(() -> open().disconnect(volume(1), over)).isInstanceOf(ConnectorException.class);
        assertThat(host.ran()).isEmpty();
        assertThatCode(() -> open().disconnect(volume(1), soon())).doesNotThrowAnyException();
    }
}
