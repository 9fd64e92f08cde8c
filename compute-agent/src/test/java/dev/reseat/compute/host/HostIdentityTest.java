package dev.reseat.compute.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostIdentityTest {
    @TempDir private Path root;

    private HostIdentity identity() {
        return new HostIdentity(new HostConfig("host-a", "192.0.2.10", true), root);
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void aBareHostHasNoMoreThanAName() {
        assertThat(identity().connector())
                .containsOnlyKeys(
                        "platform", "os_type", "ip", "host", "multipath", "enforce_multipath", "do_local_attach")
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
        assertThat(identity().connector())
                .containsEntry("initiator", "iqn.1993-08.org.debian:01:abc")
                .containsEntry("nqn", "nqn.2014-08.org.nvmexpress:uuid:1")
                .containsEntry("nvme_hostid", "1")
                .containsEntry("system uuid", "EC2A-1")
                .containsEntry("nvme_native_multipath", true);
    }

    @Test
    void tellsTheFileSystemItRunsFrom() throws IOException {
        file("proc/self/mountinfo", "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n");
        file("dev/vda", "");
        Files.createDirectories(root.resolve("dev/disk/by-uuid"));
        Files.createSymbolicLink(root.resolve("dev/disk/by-uuid/1234-abcd"), root.resolve("dev/vda"));
        assertThat(identity().connector()).containsEntry("uuid", "1234-abcd");
    }

    @Test
    void anEmptyInitiatorFileNamesNobody() throws IOException {
        file("etc/iscsi/initiatorname.iscsi", "GenerateName=yes\n");
        assertThat(identity().connector()).doesNotContainKey("initiator");
    }

    @Test
    void anInitiatorThatIsThereAndCannotBeReadIsNotCalledMissing() throws IOException {
        Files.createDirectories(root.resolve("etc/iscsi/initiatorname.iscsi")); // even root cannot read that
        assertThatThrownBy(() -> identity().connector())
                .isInstanceOf(HostUnreadable.class)
                .hasMessageContaining("initiatorname.iscsi");
    }

    @Test
    void readsNovasOptions() {
        HostConfig config = HostConfig.from(Settings.parse("""
                [DEFAULT]
                host = cmp-1
                my_ip = 192.0.2.1
                my_block_storage_ip = 192.0.2.2
                [libvirt]
                volume_use_multipath = true
                """));
        assertThat(config).isEqualTo(new HostConfig("cmp-1", "192.0.2.2", true));
    }

    @Test
    void findsOutWhatIsNotSet() {
        HostConfig config = HostConfig.from(Settings.parse(""));
        assertThat(config.name()).isNotBlank();
        assertThat(config.ip()).matches("\\d+(\\.\\d+){3}");
        assertThat(config.multipath()).isFalse();
    }
}
