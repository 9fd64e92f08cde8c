package dev.reseat.compute.connector.nvmeof;

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

/** On a real kernel, whose own targets are the storage, at two portals; and beside a real os-brick. */
@Tag("slow")
final class NvmeVmIT {
    private static final String NQN = "nqn.2014-08.org.nvmexpress:volume-";
    private static VmHost vm;

    @TempDir private Path locks;

    @BeforeAll
    static void startHost() {
        vm = VmHost.start();
        var none = new NvmeConnector(config(false), new OsBrickLock(
                Optional.empty(), new NovaProcesses(vm.root().resolve("proc"))), vm.commands(), vm.root());
        assertThat(none.inspect(name(1, Map.of("ns_id", 1))).held()).isEqualTo(Answer.UNKNOWN); // no module yet
        vm.shell("""
                modprobe -a nvme_tcp nvmet nvmet_tcp
                mount -t configfs config /sys/kernel/config
                cd /sys/kernel/config/nvmet
                for i in 0 1; do
                    mkdir ports/$i
                    echo tcp >ports/$i/addr_trtype
                    echo ipv4 >ports/$i/addr_adrfam
                    echo 10.77.$i.11 >ports/$i/addr_traddr
                    echo 4420 >ports/$i/addr_trsvcid
                done
                for i in 1 2; do
                    mkdir subsystems/%1$s$i
                    echo 1 >subsystems/%1$s$i/attr_allow_any_host
                done
                """.formatted(NQN));
        show(1, 1);
        show(2, 1);
        vm.shell("""
                cd /sys/kernel/config/nvmet
                for i in 0 1; do
                    for j in 1 2; do ln -s $PWD/subsystems/%1$s$j ports/$i/subsystems/%1$s$j; done
                done
                """.formatted(NQN));
    }

    /** The storage shows a namespace. */
    private static void show(int volume, int number) {
        vm.shell("""
                cd /sys/kernel/config/nvmet/subsystems/%s%d
                truncate -s 32M /tmp/volume-%2$d-%3$d
                mkdir namespaces/%3$d
                cd namespaces/%3$d
                echo 1 >buffered_io
                echo -n /tmp/volume-%2$d-%3$d >device_path
                echo %4$s >device_uuid
                echo 1 >enable
                """.formatted(NQN, volume, number, NvmeHostFake.uuid(10 * volume + number)));
    }

    private static void hide(int volume, int number) {
        vm.shell("cd /sys/kernel/config/nvmet/subsystems/%s%d/namespaces; echo 0 >%3$d/enable; rmdir %3$d"
                .formatted(NQN, volume, number));
    }

    @AfterEach
    void disconnectAll() {
        vm.shell("nvme disconnect-all");
    }

    @AfterAll
    static void stopHost() {
        if (vm != null) {
            vm.close();
        }
    }

    private static HostConfig config(boolean multipath) {
        return new HostConfig("host-a", vm.machine().address(0), multipath, Optional.empty());
    }

    private NvmeConnector open() {
        return connector(false, vm.commands());
    }

    private NvmeConnector connector(boolean multipath, CommandRunner commands) {
        return new NvmeConnector(config(multipath),
                new OsBrickLock(Optional.of(locks), new NovaProcesses(vm.root().resolve("proc"))), commands, vm.root());
    }

    private static ConnectionInfo.Nvme volume(int number) {
        return name(number, Map.of("vol_uuid", NvmeHostFake.uuid(10 * number + 1)));
    }

    private static ConnectionInfo.Nvme name(int volume, Map<String, Object> name) {
        Map<String, Object> data = new LinkedHashMap<>(Map.of("target_nqn", NQN + volume, "portals", List.of(
                List.of("10.77.0.11", 4420, "tcp"), List.of("10.77.1.11", 4420, "tcp"))));
        data.putAll(name);
        return (ConnectionInfo.Nvme) ConnectionInfo.of("nvmeof", data);
    }

    private static void eventually(Within.Fact fact) throws IOException {
        assertThat(Within.holds(Duration.ofMinutes(2), fact)).isTrue();
    }

    @Test
    void isRecordedByOnePortal() {
        NvmeConnector recorded = connector(false, vm.recording("nvme-one.txt"));

        Device device = recorded.connect(volume(1), soon());
        vm.keep("nvme-one-files.txt", "/sys/class/nvme-fabrics/ctl");
        vm.shell("echo hello | dd of=" + device.path() + " conv=fsync status=none");
        assertThat(vm.shell("head -c 5 /tmp/volume-1-1")).isEqualTo("hello");
        assertThat(recorded.connect(volume(1), soon())).isEqualTo(device);
        assertThat(recorded.inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(recorded.inspect(volume(2)).held()).isEqualTo(Answer.NO);
        recorded.disconnect(volume(2), soon());
        recorded.disconnect(volume(1), soon());
        recorded.disconnect(volume(1), soon());
        assertThatThrownBy(() -> recorded.connect(volume(9), soon())).isInstanceOf(ConnectorException.Failed.class);

        assertThat(recorded.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void severalPortalsAreOneDiskWhoseWaysAreSaid() throws IOException {
        NvmeConnector several = connector(true, vm.recording("nvme-two.txt"));

        Device device = several.connect(volume(1), soon());

        assertThat(vm.shell("ls -d /sys/class/nvme-fabrics/ctl/nvme[0-9]* | wc -l").strip()).isEqualTo("2");
        assertThat(several.connect(volume(1), soon())).isEqualTo(device);
        vm.shell("echo inaccessible >/sys/kernel/config/nvmet/ports/1/ana_groups/1/ana_state");
        try {
            eventually(() -> several.inspect(volume(1)).detail().contains("inaccessible"));
            vm.keep("nvme-two-files.txt", "/sys/class/nvme-fabrics/ctl");
            assertThat(several.inspect(volume(1)).detail()).contains("optimized");
        } finally {
            vm.shell("echo optimized >/sys/kernel/config/nvmet/ports/1/ana_groups/1/ana_state");
        }
        several.disconnect(volume(1), soon());
        assertThat(several.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aControllerGoesOnlyWithItsLastNamespace() throws IOException {
        open().connect(volume(1), soon());
        show(1, 2);
        var second = name(1, Map.of("vol_uuid", NvmeHostFake.uuid(12)));
        try {
            assertThat(open().connect(second, soon()).path()).isNotEqualTo(open().connect(volume(1), soon()).path());
            open().disconnect(second, soon());
            assertThat(open().inspect(second).held()).isEqualTo(Answer.UNKNOWN);
        } finally {
            hide(1, 2);
        }
        eventually(() -> open().inspect(second).held() == Answer.NO);
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        open().disconnect(volume(1), soon());
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aMountedDiskIsBusyAndStays() {
        Device device = open().connect(volume(1), soon());
        vm.shell("mkfs.ext4 -q " + device.path() + "; mkdir -p /mnt/v; mount " + device.path() + " /mnt/v");
        try {
            assertThatThrownBy(() -> open().disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining("/mnt/v");
        } finally {
            vm.shell("umount /mnt/v");
        }
        open().disconnect(volume(1), soon());
    }

    @Test
    void aLostControllerIsStillHeldAndSaidToBeSo() throws IOException {
        open().connect(volume(1), soon());
        vm.shell("rm /sys/kernel/config/nvmet/ports/0/subsystems/" + NQN + "1");
        try {
            eventually(() -> open().inspect(volume(1)).detail().contains("connecting"));
            assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        } finally {
            vm.shell("cd /sys/kernel/config/nvmet; ln -s $PWD/subsystems/" + NQN + "1 ports/0/subsystems/" + NQN + "1");
        }
    }

    @Test
    void whatOsBrickConnectsIsDisconnectedHereAndTheOtherWayRound() {
        String connection = json(volume(1));
        for (String several : List.of("false", "true")) {
            NvmeConnector ours = connector(several.equals("true"), vm.commands());
            vm.python("os_brick_host.py", "attach", "NVMEOF", several, connection);
            assertThat(ours.inspect(volume(1)).held()).isEqualTo(Answer.YES);
            ours.disconnect(volume(1), soon());
            assertThat(vm.shell("ls /sys/class/nvme-fabrics/ctl")).doesNotContain("nvme");

            Device device = ours.connect(volume(1), soon());
            vm.python("os_brick_host.py", "detach", "NVMEOF", several, connection,
                    "{\"type\": \"block\", \"path\": \"" + device.path() + "\"}");
            assertThat(ours.inspect(volume(1)).held()).isEqualTo(Answer.NO);
        }
    }

    private static String json(ConnectionInfo connection) {
        return JsonMapper.shared().writeValueAsString(connection.document().data());
    }

    private static Deadline soon() {
        return VolumeConnectorContract.soon();
    }
}
