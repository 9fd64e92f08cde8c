package dev.reseat.compute.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.ScriptedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostIdentityTest {
    @TempDir private Path root;

    private final ScriptedCommands commands = new ScriptedCommands();

    @BeforeEach
    void hasMultipathdAndNoFirmware() {
        commands.whenever("multipathd", "show", "status").prints("path checker states:\n");
        commands.whenever("dmidecode", "-ssystem-uuid").isMissing();
    }

    private HostIdentity identity() {
        return new HostIdentity(new HostConfig("host-a", "192.0.2.10", true, Optional.empty()), commands, root);
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void aBareHostHasNoMoreThanAName() {
        assertThat(identity().connector(Deadline.never()))
                .containsOnlyKeys(
                        "platform", "os_type", "ip", "host", "multipath", "enforce_multipath", "do_local_attach",
                        "nvme_native_multipath")
                .containsEntry("host", "host-a")
                .containsEntry("ip", "192.0.2.10")
                .containsEntry("multipath", true)
                .containsEntry("enforce_multipath", true)
                .containsEntry("do_local_attach", false);
    }

    @Test
    void tellsTheNamesOfItsInitiators() throws IOException {
        file("etc/iscsi/initiatorname.iscsi", "## do not edit\nInitiatorName=iqn.1993-08.org.debian:01:abc\n");
        file("etc/nvme/hostnqn", "nqn.2014-08.org.nvmexpress:uuid:1\n");
        file("etc/nvme/hostid", "1\n");
        file("sys/class/dmi/id/product_uuid", "EC2A-1\n");
        file("sys/module/nvme_core/parameters/multipath", "Y\n");
        assertThat(identity().connector(Deadline.never()))
                .containsEntry("initiator", "iqn.1993-08.org.debian:01:abc")
                .containsEntry("nqn", "nqn.2014-08.org.nvmexpress:uuid:1")
                .containsEntry("nvme_hostid", "1")
                .containsEntry("system uuid", "EC2A-1")
                .containsEntry("nvme_native_multipath", true);
    }

    @Test
    void tellsTheFileSystemItRunsFrom() throws IOException {
        file("proc/self/mountinfo", "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n");
        commands.whenever("blkid", "/dev/vda", "-s", "UUID", "-o", "value").prints("1234-abcd\n");
        assertThat(identity().connector(Deadline.never())).containsEntry("uuid", "1234-abcd");
    }

    @Test
    void anEmptyInitiatorFileNamesNobody() throws IOException {
        file("etc/iscsi/initiatorname.iscsi", "GenerateName=yes\n");
        assertThat(identity().connector(Deadline.never())).doesNotContainKey("initiator");
    }

    @Test
    void anInitiatorThatIsThereAndCannotBeReadIsNotCalledMissing() throws IOException {
        Files.createDirectories(root.resolve("etc/iscsi/initiatorname.iscsi")); // even root cannot read that
        assertThatThrownBy(() -> identity().connector(Deadline.never()))
                .isInstanceOf(HostUnreadable.class)
                .hasMessageContaining("initiatorname.iscsi");
    }

    @Test
    void whatIsThereAndCannotBeReadIsAnErrorEverywhere() throws IOException {
        for (String file : List.of("etc/nvme/hostnqn", "etc/nvme/hostid", "sys/class/dmi/id/product_uuid",
                "sys/module/nvme_core/parameters/multipath", "sys/class/fc_host/host5/port_state")) {
            Files.createDirectories(root.resolve(file));
            assertThatThrownBy(() -> identity().connector(Deadline.never()))
                    .as(file)
                    .isInstanceOf(HostUnreadable.class);
            Files.delete(root.resolve(file));
        }
        Files.delete(root.resolve("sys/class/fc_host/host5"));
        commands.whenever("dmidecode", "-ssystem-uuid").timesOut();
        assertThatThrownBy(() -> identity().connector(Deadline.never())).isInstanceOf(HostUnreadable.class);
    }

    @Test
    void multipathThatDoesNotRunIsNotPromised() {
        commands.whenever("multipathd", "show", "status").exits(1, "");
        assertThatThrownBy(() -> identity().connector(Deadline.never())).isInstanceOf(HostUnreadable.class)
                .hasMessageContaining("multipathd does not answer");
    }

    @Test
    void programsAreGivenNoMoreTimeThanTheCallerHas() {
        assertThatThrownBy(() -> identity().connector(Deadline.after(Duration.ZERO)))
                .isInstanceOf(HostUnreadable.class)
                .hasMessageContaining("time");

        identity().connector(Deadline.after(Duration.ofSeconds(5)));

        assertThat(commands.ran()).isNotEmpty()
                .allSatisfy(
                        command -> assertThat(command.timeout()).isLessThanOrEqualTo(Duration.ofSeconds(5)));
    }

    @Test
    void fibreChannelPortsThatAreOnlineAreNamed() throws IOException {
        for (String[] port : new String[][]{{"host5", "Online", "0x10000000c9a1"}, {"host6", "Linkdown", "0x2000"}}) {
            file("sys/class/fc_host/" + port[0] + "/port_state", port[1] + "\n");
            file("sys/class/fc_host/" + port[0] + "/port_name", port[2] + "\n");
            file("sys/class/fc_host/" + port[0] + "/node_name", port[2] + "ff\n");
        }
        assertThat(identity().connector(Deadline.never())).containsEntry("wwpns", List.of("10000000c9a1"))
                .containsEntry("wwnns", List.of("10000000c9a1ff"));
    }

    @Test
    void readsNovasOptions() {
        HostConfig config = HostConfig.from(Settings.parse("""
                [DEFAULT]
                host = cmp-1
                my_ip = 192.0.2.1
                my_block_storage_ip = 192.0.2.2
                volume_name_template = vol-%s
                [libvirt]
                volume_use_multipath = true
                [os_brick]
                lock_path = /run/lock/brick
                [oslo_concurrency]
                lock_path = /run/lock/nova
                """));
        assertThat(config)
                .isEqualTo(new HostConfig("cmp-1", "192.0.2.2", true, Optional.of(Path.of("/run/lock/brick")),
                        "vol-%s"));
    }

    @Test
    void findsOutWhatIsNotSet() {
        HostConfig config = HostConfig.from(Settings.parse(""));
        assertThat(config.name()).isNotBlank();
        assertThat(config.ip()).matches("\\d+(\\.\\d+){3}");
        assertThat(config.multipath()).isFalse();
    }
}
