package dev.reseat.compute.connector.fibrechannel;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a host in the shapes of os-brick's own tests. */
final class FibreChannelConnectorTest extends VolumeConnectorContract<ConnectionInfo.FibreChannel> {
    private static final String T1 = "5001438002a3009c";
    private static final String T2 = "500143800201a9b4";
    private static final String WWID = "naa.60000000000000000e00000000010001";

    @TempDir private Path root;
    @TempDir private Path locks;

    private FibreHostFake host;

    @BeforeEach
    void makeHost() {
        if (host == null) { // the contract opens its connector first
            host = new FibreHostFake(root);
            host.with(T1, 1, WWID).with(T2, 1, WWID).with(T1, 2, WWID.replaceFirst("1$", "2"));
        }
    }

    @Override
    protected boolean seesWhatItCannotReach() {
        return true;
    }

    @Override
    protected FibreChannelConnector open() {
        return connector(false);
    }

    private FibreChannelConnector connector(boolean multipath) {
        makeHost();
        return new FibreChannelConnector(new HostConfig("host-a", "192.0.2.10", multipath, Optional.empty()),
                new OsBrickLock(Optional.of(locks), new NovaProcesses(root.resolve("proc"))), host, root,
                Duration.ofMillis(50));
    }

    @Override
    protected ConnectionInfo.FibreChannel volume(int lun) {
        return volume(lun, Map.of());
    }

    @Override
    protected ConnectionInfo.FibreChannel unreachable() {
        return volume(99);
    }

    private static ConnectionInfo.FibreChannel volume(int lun, Map<String, Object> more) {
        Map<String, Object> data = new LinkedHashMap<>(Map.of("target_wwn", T1.toUpperCase(Locale.ROOT)));
        data.put("target_lun", lun);
        data.putAll(more);
        return (ConnectionInfo.FibreChannel) ConnectionInfo.of("fibre_channel", data);
    }

    private static ConnectionInfo.FibreChannel several() {
        return volume(1, Map.of("target_wwns", List.of(T1, T2)));
    }

    private static String scan(int port, String place) {
        return "tee -a /sys/class/scsi_host/host" + port + "/scan <" + place;
    }

    @Test
    void aPortThatSeesTheTargetLooksThereAndTheOthersNowhere() {
        host.seesTarget(6);

        Device device = open().connect(volume(1), soon());

        assertThat(device.path()).isEqualTo(Path.of("/dev/sda"));
        assertThat(device.wwid()).contains("360000000000000000e00000000010001");
        assertThat(host.ran()).containsExactly(scan(6, "0 1 1"), "dd if=/dev/sda of=/dev/null count=1");
    }

    @Test
    void whereNoPortSeesTheTargetAllLookForTheUnitEverywhere() {
        open().connect(volume(1), soon());

        assertThat(host.ran()).startsWith(scan(6, "- - 1"), scan(7, "- - 1"));
    }

    @Test
    void aPortOfTheFabricThatIsNoTargetYetIsLookedAt() {
        host.seesPort(6, 1);

        open().connect(volume(1), soon());

        assertThat(host.ran()).containsExactly(scan(6, "0 1 1"), "dd if=/dev/sda of=/dev/null count=1");
    }

    @Test
    void aPortOfTheFabricThatIsNotAStoragesIsNone() {
        host.seesPort(6, -1);

        open().connect(volume(1), soon());

        assertThat(host.ran()).startsWith(scan(6, "- - 1"), scan(7, "- - 1"));
    }

    @Test
    void aPortThatIsInNoZoneOfTheVolumeLooksNowhere() {
        host.port(8, "50014380186b3f69", "50014380186b3f68", "5001438002a300ff");

        open().connect(volume(1, Map.of("target_wwns", List.of(T1, T2), "initiator_target_map",
                Map.of("50014380186b3f65", List.of(T1), "50014380186b3f67", List.of(T2)))), soon());

        assertThat(host.ran()).noneMatch(line -> line.contains("host8")).contains(scan(6, "- - 1"), scan(7, "- - 1"));
    }

    @Test
    void eachTargetIsLookedAtForTheUnitThatTheVolumeHasThereAsTheKernelNumbersIt() {
        host.with(T1, 16640, WWID).with(T2, 7, WWID).seesTarget(6).seesTarget(7);

        open().connect(volume(1, Map.of("target_wwns", List.of(T1, T2), "target_luns", List.of(256, 7),
                "addressing_mode", "SAM2")), soon());

        assertThat(host.ran()).startsWith(scan(6, "0 1 16640"), scan(7, "0 1 7"));
        assertThat(open().inspect(volume(256, Map.of("addressing_mode", "SAM2"))).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aStorageThatForbidsWildcardsIsNotLookedForEverywhere() {
        assertThatThrownBy(() -> open().connect(volume(1, Map.of("enable_wildcard_scan", false)), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("unit 1 behind " + T1);

        assertThat(host.ran()).isEmpty();
    }

    @Test
    void onlyThePortsOfAZoneLookForWhatIsInIt() {
        host.seesTarget(6).seesTarget(7);

        open().connect(volume(1, Map.of("target_wwns", List.of(T1, T2), "initiator_target_map",
                Map.of("50014380186b3f67", List.of(T2, "5001438002a300ff")))), soon());

        assertThat(host.ran()).containsExactly(scan(7, "0 1 1"), "dd if=/dev/sda of=/dev/null count=1");
    }

    @Test
    void aDiskThatIsThereIsNotScannedFor() {
        host.disk(6, 1);

        open().connect(volume(1), soon());

        assertThat(host.ran()).containsExactly("dd if=/dev/sda of=/dev/null count=1");
    }

    @Test
    void aDiskThatCannotBeReadIsNotTaken() {
        host.disk(6, 1);
        host.fail("dd if=/dev/sda of=/dev/null count=1", 1);

        assertThatThrownBy(() -> open().connect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);

        assertThat(host.ran()).filteredOn(line -> line.startsWith("tee")).hasSize(3); // as often as os-brick
    }

    @Test
    void disconnectsInOsBricksOrder() {
        host.disk(6, 1);

        open().disconnect(volume(1), soon());

        assertThat(host.ran()).containsExactly(
                "blockdev --flushbufs /dev/sda", "tee -a /sys/block/sda/device/delete <1");
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void severalPathsAreOneMapAndGoTogether() {
        host.startMultipathd();
        host.seesTarget(6).seesTarget(7);
        Device device = connector(true).connect(several(), soon());

        assertThat(device.path()).isEqualTo(Path.of("/dev/dm-0"));
        assertThat(device.paths()).containsExactly(Path.of("/dev/sda"), Path.of("/dev/sdb"));
        host.forgetCommands();
        connector(true).disconnect(several(), soon());

        assertThat(host.ran()).containsExactly(
                "multipath -f 360000000000000000e00000000010001",
                "tee -a /sys/block/sda/device/delete <1",
                "tee -a /sys/block/sdb/device/delete <1",
                "multipathd del path /dev/sda",
                "multipathd del path /dev/sdb");
        assertThat(connector(true).inspect(several()).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aUnitThatWasGivenToAnotherVolumeIsNotTakenAway() {
        host.with(T2, 1, "naa.60000000000000000e00000000990001");
        host.disk(6, 1);
        host.disk(7, 1);

        assertThatThrownBy(() -> open().disconnect(several(), soon())).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("/dev/sda is 360000000000000000e00000000010001")
                .hasMessageContaining("/dev/sdb is 360000000000000000e00000000990001");
        assertThatThrownBy(() -> open().connect(several(), soon())).isInstanceOf(ConnectorException.Refused.class);
        assertThat(host.ran()).isEmpty();
    }

    @Test
    void aDiskWithoutANameBesideAnotherIsNotGuessedToBeTheSameVolume() {
        host.disk(6, 1);
        String nameless = host.disk(7, 1);
        host.delete("sys/block/" + nameless + "/device/wwid");

        assertThatThrownBy(() -> open().connect(several(), soon())).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("/dev/sdb is without a name");
        assertThatThrownBy(() -> open().disconnect(several(), soon())).isInstanceOf(ConnectorException.Refused.class);
        assertThat(host.ran()).isEmpty();
        host.delete("sys/block/sda/device/wwid");
        assertThatThrownBy(() -> open().connect(several(), soon())).as("two without a name")
                .isInstanceOf(ConnectorException.Refused.class);
    }

    @Test
    void aDiskWithSomethingOnTopIsBusy() {
        host.holder("dm-7", "LVM-abc", List.of(host.disk(6, 1)));

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class)
                .hasMessageContaining("device dm-7");
        assertThat(host.ran()).isEmpty();
    }

    @Test
    void aBlockedDiskIsStillHeldAndSaidToBeSo() {
        host.state(host.disk(6, 1), "blocked");

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(open().inspect(volume(1)).detail()).contains("unit 1 behind " + T1 + " is /dev/sda blocked");
    }

    @Test
    void aHostWithoutPortsIsUnknownAndLeftAlone() {
        host.delete("sys/class/fc_host");

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> open().connect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThat(host.ran()).isEmpty();
        assertThat(open().inventory().held()).isEmpty();
        assertThat(open().inventory().blind()).as("it has no such hardware").isEmpty();
        host.delete("sys/block");
        assertThat(open().inventory().blind()).as("it is not seen").hasSize(1);
    }

    @Test
    void aTargetThatIsThereAndHasNoNameIsNotPassedOver() {
        host.disk(6, 1);
        host.delete("sys/class/fc_transport/target6:0:1/port_name");

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(open().inventory().blind()).hasSize(1);
    }

    @Test
    void everyUnitIsListedByItsPlaceWhichTellsNobodysId() {
        host.disk(6, 1);
        host.disk(6, 2);

        assertThat(open().inventory().held()).extracting(HostInventory.Held::name)
                .containsExactly(T1 + "-lun-1", T1 + "-lun-2");
        assertThat(open().inventory().held()).noneMatch(HostInventory.Held::bearsAnId);
    }

    @Test
    void whenTheTimeIsOverNothingIsBegun() {
        host.disk(6, 1);

        assertThatThrownBy(() -> open().disconnect(volume(1), Deadline.after(Duration.ZERO)))
                .isInstanceOf(ConnectorException.class);
        assertThat(host.ran()).isEmpty();
    }

    @Test
    void withoutNovasLockNothingIsDisconnected() {
        host.disk(6, 1);
        var alone = new FibreChannelConnector(new HostConfig("host-a", "192.0.2.10", false, Optional.empty()),
                new OsBrickLock(Optional.empty(), new NovaProcesses(root.resolve("proc"))), host, root,
                Duration.ofMillis(50));

        assertThatThrownBy(() -> alone.disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Refused.class);
        assertThat(alone.inspect(volume(1)).held()).isEqualTo(Answer.YES);
    }
}
