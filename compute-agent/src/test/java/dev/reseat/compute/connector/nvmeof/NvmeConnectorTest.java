package dev.reseat.compute.connector.nvmeof;

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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a host as its kernel shows it and as os-brick's commands change it. */
final class NvmeConnectorTest extends VolumeConnectorContract<ConnectionInfo.Nvme> {
    private static final String P1 = "192.0.2.51:4420";
    private static final String P2 = "192.0.2.52:4420";
    private static final String OTHER_HOST = "nqn.2014-08.org.nvmexpress:uuid:other";
    private static final String NQN = "nqn.2014-08.org.nvmexpress:volume-";

    @TempDir private Path root;
    @TempDir private Path locks;

    private NvmeHostFake host;

    @BeforeEach
    void makeHost() {
        if (host == null) { // the contract opens its connector first
            host = new NvmeHostFake(root);
            for (int i = 1; i <= 2; i++) {
                host.with(P1, NQN + i, 1).with(P2, NQN + i, 1);
            }
        }
    }

    @Override
    protected boolean seesWhatItCannotReach() {
        return true;
    }

    @Override
    protected NvmeConnector open() {
        return connector(false);
    }

    private NvmeConnector connector(boolean multipath) {
        makeHost();
        return new NvmeConnector(new HostConfig("host-a", "192.0.2.10", multipath, Optional.empty()),
                new OsBrickLock(Optional.of(locks), new NovaProcesses(root.resolve("proc"))), host, root);
    }

    @Override
    protected ConnectionInfo.Nvme volume(int number) {
        return volume(number, Map.of("ns_id", 1));
    }

    @Override
    protected ConnectionInfo.Nvme unreachable() {
        return volume(9);
    }

    /** As Cinder's nvmet target gives it, with what names the namespace. */
    private static ConnectionInfo.Nvme volume(int number, Map<String, Object> name) {
        Map<String, Object> data = new LinkedHashMap<>(Map.of("target_nqn", NQN + number, "portals",
                List.of(List.of("192.0.2.51", 4420, "tcp"), List.of("192.0.2.52", "4420", "tcp"))));
        data.putAll(name);
        return (ConnectionInfo.Nvme) ConnectionInfo.of("nvmeof", data);
    }

    private static String connected(String address) {
        return "nvme connect -a " + address + " -s 4420 -t tcp -n " + NQN + "1 -Q 128 -l -1";
    }

    @Test
    void connectsByOnePortalAsOsBrickDoes() {
        Device device = open().connect(volume(1), soon());

        assertThat(device).isEqualTo(
                new Device(Path.of("/dev/nvme0n1"), Optional.of("uuid." + NvmeHostFake.uuid(1)), List.of()));
        assertThat(host.ran()).containsExactly(connected("192.0.2.51"));
    }

    @Test
    void theNextPortalIsTriedIfOneDoesNotAnswer() {
        host.fail(connected("192.0.2.51"), 1);

        assertThat(open().connect(volume(1), soon()).path()).isEqualTo(Path.of("/dev/nvme0n1"));
        assertThat(host.ran()).containsExactly(connected("192.0.2.51"), connected("192.0.2.52"));
    }

    @Test
    void withMultipathEveryPortalIsConnectedAndTheKernelJoinsThem() {
        Device device = connector(true).connect(volume(1), soon());

        assertThat(device.path()).isEqualTo(Path.of("/dev/nvme0n1"));
        assertThat(host.ran()).containsExactly(connected("192.0.2.51"), connected("192.0.2.52"));
        host.forgetCommands();
        connector(true).disconnect(volume(1), soon());
        assertThat(host.ran()).containsExactly("blockdev --flushbufs /dev/nvme0n1",
                "nvme disconnect -d /dev/nvme0", "nvme disconnect -d /dev/nvme1");
        assertThat(connector(true).inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aKernelThatDoesNotJoinThemGetsOnePath() {
        host.kernelJoins(false);

        connector(true).connect(volume(1), soon());

        assertThat(host.ran()).containsExactly(connected("192.0.2.51"));
    }

    @Test
    void aControllerThatIsThereIsAskedForNewNamespaces() {
        host.connect(P1, NQN + 1);

        open().connect(volume(1), soon());

        assertThat(host.ran()).containsExactly("nvme ns-rescan /dev/nvme0");
    }

    @Test
    void aControllerThatSomebodyElseMakesMeanwhileIsTaken() {
        host.connect(P1, NQN + 1);
        host.hide("nvme0");

        assertThat(open().connect(volume(1), soon()).path()).isEqualTo(Path.of("/dev/nvme0n1"));
        assertThat(host.ran()).containsExactly(connected("192.0.2.51"));
    }

    @Test
    void aControllerThatComesBackIsLeftAloneAndAnotherPortalTaken() {
        host.controller(host.connect(P1, NQN + 1), "connecting");

        assertThat(open().connect(volume(1), soon()).path()).isEqualTo(Path.of("/dev/nvme0n1"));
        assertThat(host.ran()).containsExactly(connected("192.0.2.52"));
        assertThat(open().inspect(volume(1)).detail()).contains("nvme0 to " + NQN + "1 at " + P1 + " is connecting");
    }

    @Test
    void theNamesOfANamespaceAreTakenInOsBricksOrder() {
        host.with(P1, NQN + 1, 1, 2, 3);
        host.connect(P1, NQN + 1);

        assertThat(open().connect(volume(1, Map.of("vol_uuid", NvmeHostFake.uuid(2).replace("-", ""), "ns_id", 3)),
                soon()).path()).isEqualTo(Path.of("/dev/nvme0n2"));
        assertThat(open().connect(volume(1, Map.of("volume_nguid", "00000000-0000-0000-0000-000000000003", "ns_id", 1)),
                soon()).path()).isEqualTo(Path.of("/dev/nvme0n3"));
        assertThat(open().connect(volume(1, Map.of("ns_id", "1")), soon()).path()).isEqualTo(Path.of("/dev/nvme0n1"));
    }

    @Test
    void aNamespaceWithoutANameIsNotGuessed() {
        ConnectionInfo.Nvme unnamed = volume(1, Map.of());
        host.connect(P1, NQN + 1);

        assertThat(open().inspect(unnamed).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> open().disconnect(unnamed, soon())).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("not guessed");
        assertThatThrownBy(() -> open().connect(unnamed, soon())).isInstanceOf(ConnectorException.Refused.class);
        assertThat(host.ran()).isEmpty();
        host.shows(NQN + 1);
        open().disconnect(unnamed, soon());
        assertThat(open().inspect(unnamed).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aControllerGoesOnlyWithItsLastNamespace() {
        host.with(P1, NQN + 1, 1, 2);
        String controller = host.connect(P1, NQN + 1);

        open().disconnect(volume(1), soon());

        assertThat(host.ran()).containsExactly("blockdev --flushbufs /dev/nvme0n1");
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.UNKNOWN); // shown, and nobody has it
        assertThat(open().inspect(volume(1)).detail()).contains("shows beside other namespaces");
        host.shows(NQN + 1, 2);
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO); // taken away by the storage
        host.forgetCommands();
        open().disconnect(volume(1, Map.of("ns_id", 2)), soon());
        assertThat(host.ran()).endsWith("nvme disconnect -d /dev/" + controller);
        assertThat(host.hasController(controller)).isFalse();
    }

    @Test
    void aSharedNamespaceThatSomebodyUsesIsHeld() {
        host.with(P1, NQN + 1, 1, 2);
        host.connect(P1, NQN + 1);
        host.holder("dm-7", "CRYPT-abc", List.of("nvme0n1"));

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class)
                .hasMessageContaining("device dm-7");
        assertThat(host.ran()).isEmpty();
    }

    @Test
    void aControllerWithoutNamespacesIsHeldSinceTheStorageBringsThemBack() {
        host.with(P1, NQN + 1);
        host.connect(P1, NQN + 1);

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        open().disconnect(volume(1), soon());
        assertThat(host.ran()).containsExactly("nvme disconnect -d /dev/nvme0");
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void whatCannotBeWrittenStays() {
        host.connect(P1, NQN + 1);
        host.fail("blockdev --flushbufs /dev/nvme0n1", 1);

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThat(host.hasController("nvme0")).isTrue();
    }

    @Test
    void aControllerThatStaysIsNotCalledDisconnected() {
        host.connect(P1, NQN + 1);
        host.fail("nvme disconnect -d /dev/nvme0", 1);

        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void anotherPortalOfTheSubsystemIsSeenToo() {
        host.with("192.0.2.53:4420", NQN + 1, 1);
        host.connect("192.0.2.53:4420", NQN + 1);

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("192.0.2.53:4420");
        assertThat(open().inspect(volume(2)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aControllerByWhichThisHostIsSomebodyElseIsNotItsOwn() {
        host.hostNqn(host.connect(P1, NQN + 1), OTHER_HOST);

        assertThat(open().inspect(volume(1)).held()).as("of before the name was changed?").isEqualTo(Answer.UNKNOWN);
        assertThat(open().inspect(volume(1)).detail()).contains("knows this host as " + OTHER_HOST);
        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("whose it is cannot be told");
        assertThat(open().inspect(volume(1, Map.of("ns_id", 7))).held()).isEqualTo(Answer.NO);
        assertThat(open().inspect(volume(1, Map.of("ns_id", 1, "host_nqn", OTHER_HOST))).held())
                .isEqualTo(Answer.YES);
        open().connect(volume(1, Map.of("ns_id", 1, "host_nqn", NvmeHostFake.SELF)), soon());
        assertThat(host.ran()).containsExactly(connected("192.0.2.51") + " -q " + NvmeHostFake.SELF);
    }

    @Test
    void aNamespaceWithoutTheKindOfNameThatTheConnectionHasMayBeIt() {
        host.withoutUuid(host.connect(P1, NQN + 1), 1);
        ConnectionInfo.Nvme named = volume(1, Map.of("vol_uuid", NvmeHostFake.uuid(5)));

        assertThat(open().inspect(named).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> open().disconnect(named, soon())).isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("do not bear the kind of name");
        host.showsNguidAsUuid("nvme0", 1);
        assertThat(open().inspect(named).held()).as("the kernel's stand-in is no UUID").isEqualTo(Answer.UNKNOWN);
        assertThat(host.ran()).isEmpty();
        assertThat(open().inspect(volume(1)).held()).as("by its number").isEqualTo(Answer.YES);
    }

    @Test
    void anInaccessibleWayIsSaidAndNotGivenToAGuest() {
        host.access(host.connect(P1, NQN + 1), 1, "inaccessible");
        host.connect(P2, NQN + 1);

        assertThat(open().inspect(volume(1)).detail()).contains("/dev/nvme0n1 inaccessible", "/dev/nvme0n1 optimized");
        assertThat(open().connect(volume(1), soon()).path()).isEqualTo(Path.of("/dev/nvme0n1"));
        host.access("nvme1", 1, "persistent-loss");
        assertThatThrownBy(() -> open().connect(volume(1), Deadline.after(Duration.ofMillis(200))))
                .isInstanceOf(ConnectorException.Failed.class);
    }

    @Test
    void addressesAreComparedAsValues() {
        host.with("[fd00::51]:4420", NQN + 1, 1);
        host.connect("[fd00:0:0:0:0:0:0:51]:4420", NQN + 1);
        var volume = (ConnectionInfo.Nvme) ConnectionInfo.of("nvmeof", Map.of("nqn", NQN + 1, "target_portal",
                "fd00:0::51", "target_port", 4420, "transport_type", "tcp", "ns_id", 1));
        host.with("[fd00:0:0:0:0:0:0:51]:4420", NQN + 1, 1).shows(NQN + 1, 1);

        open().disconnect(volume, soon());

        assertThat(host.hasController("nvme0")).isFalse();
    }

    @Test
    void replicasAreLookedAtAndNotAssembled() {
        var volume = (ConnectionInfo.Nvme) ConnectionInfo.of("nvmeof", Map.of("vol_uuid", NvmeHostFake.uuid(1), "alias",
                "a", "replica_count", 2, "volume_replicas", List.of(
                        Map.of("target_nqn", NQN + 1, "vol_uuid", NvmeHostFake.uuid(1), "portals",
                                List.of(List.of("192.0.2.51", 4420, "tcp"))),
                        Map.of("target_nqn", NQN + 2, "vol_uuid", NvmeHostFake.uuid(11), "portals",
                                List.of(List.of("192.0.2.51", 4420, "tcp"))))));
        host.connect(P1, NQN + 1);
        host.connect(P1, NQN + 2);

        assertThatThrownBy(() -> open().connect(volume, soon())).isInstanceOf(ConnectorException.Refused.class);
        host.holder("md127", "", List.of("nvme1n1"));
        assertThatThrownBy(() -> open().disconnect(volume, soon())).isInstanceOf(ConnectorException.Busy.class);
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aKernelWithoutFabricsIsUnknownAndLeftAlone() {
        host.delete("sys/class/nvme-fabrics");

        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> open().connect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThatThrownBy(() -> open().requireAble()).isInstanceOf(ConnectorException.Failed.class);
        assertThat(host.ran()).isEmpty();
        assertThat(open().inventory().blind()).as("it has made no controller").isEmpty();
        host.delete("sys/block");
        assertThat(open().inventory().blind()).as("it is not seen").hasSize(1);
    }

    @Test
    void everyNamespaceIsListedByBothOfItsNames() {
        host.connect(P1, NQN + 1);

        assertThat(open().inventory().held()).extracting(HostInventory.Held::name)
                .containsExactly(NQN + 1, NvmeHostFake.uuid(1));
        assertThat(open().inventory().holds(NvmeHostFake.uuid(1))).isEqualTo(Answer.YES);
        assertThat(open().inventory().holds(NvmeHostFake.uuid(7))).as("a UUID need not be a volume's id")
                .isEqualTo(Answer.UNKNOWN);
        open().disconnect(volume(1), soon());
        host.with(P1, NQN + NvmeHostFake.uuid(6), 1).connect(P1, NQN + NvmeHostFake.uuid(6));
        assertThat(open().inventory().blind()).isEmpty();
        assertThat(open().inventory().holds(NvmeHostFake.uuid(7))).isEqualTo(Answer.NO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nqn.2014-08.org.nvmexpress:uuid:%s", "nqn.2016-01.com.example:uuid:%s",
            "nqn.1992-08.com.example:sn.%s:subsystem.a", "nqn.1992-08.com.example:array-%s"})
    void aStorageWhoseOwnNameHasAUuidIsNoVolume(String name) {
        String nqn = name.formatted(NvmeHostFake.uuid(6));
        host.with(P1, nqn, 1).connect(P1, nqn);

        assertThat(open().inventory().holds(NvmeHostFake.uuid(7))).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void onlyASubsystemOfOneVolumeTellsWhoIsNotThere() {
        String own = "nqn.nvme-subsystem-1-" + NvmeHostFake.uuid(6);
        host.with(P1, own, 1).connect(P1, own);
        assertThat(open().inventory().holds(NvmeHostFake.uuid(7))).isEqualTo(Answer.NO);
        host.shows(own, 1, 2);
        assertThat(open().inventory().holds(NvmeHostFake.uuid(7))).as("one of several namespaces may be")
                .isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aFailedConnectLeavesNothingBehind() {
        host.shows(NQN + 1); // and so the namespace does not come

        assertThatThrownBy(() -> open().connect(volume(1), Deadline.after(Duration.ofMillis(300))))
                .isInstanceOf(ConnectorException.Failed.class);

        open().disconnect(volume(1), soon()); // nothing is begun after the deadline: this takes it down
        assertThat(host.hasController("nvme0")).isFalse();
    }

    @Test
    void withoutNovasLockNothingIsConnectedOrDisconnectedAndStillLookedAt() {
        host.connect(P1, NQN + 1);
        var alone = new NvmeConnector(new HostConfig("host-a", "192.0.2.10", false, Optional.empty()),
                new OsBrickLock(Optional.empty(), new NovaProcesses(root.resolve("proc"))), host, root);

        assertThatThrownBy(() -> alone.disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Refused.class)
                .hasMessageContaining("lock_path");
        assertThatThrownBy(alone::requireAble).isInstanceOf(ConnectorException.Refused.class);
        open().requireAble();
        assertThat(alone.inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(host.ran()).isEmpty();
    }
}
