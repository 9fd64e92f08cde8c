package dev.reseat.volume.driver.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.Portal;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import dev.reseat.volume.driver.NameTemplate;
import dev.reseat.volume.target.TargetConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LvmConfigTest {
    @TempDir private Path directory;

    private static LvmConfig read(String text) {
        return Settings.parse(text).checked(settings -> LvmConfig.from(settings, "lvm1"));
    }

    @Test
    void cindersDefaults() {
        assertThat(read("[DEFAULT]\nmy_ip = 192.0.2.1\n[lvm1]\nlvm_conf_file = None\n"))
                .isEqualTo(new LvmConfig("cinder-volumes", Optional.empty(), "tgtadm",
                        new TargetConfig("iqn.2010-10.org.openstack:", List.of(new Portal("192.0.2.1", 3260)),
                                Path.of("/var/lib/cinder/volumes"), true, Optional.empty(), Optional.empty()),
                        new NameTemplate("volume-%s")));
    }

    @Test
    void everyKey() throws Exception {
        Path conf = Files.createFile(directory.resolve("lvm.conf"));
        assertThat(read("""
                [DEFAULT]
                volume_name_template = vol-%%s
                [oslo_concurrency]
                lock_path = /var/lock/cinder
                [lvm1]
                volume_group = gold
                lvm_conf_file = %s
                lvm_type = thin
                target_helper = lioadm
                target_protocol = iscsi
                target_prefix = iqn.2026-01.example:
                target_ip_address = 192.0.2.20
                target_port = 3261
                target_secondary_ip_addresses = 192.0.2.21, fd00::21
                volumes_dir = /srv/volumes
                iscsi_write_cache = off
                iscsi_target_flags = sync
                """.formatted(conf))).isEqualTo(new LvmConfig("gold", Optional.of(conf), "lioadm",
                new TargetConfig("iqn.2026-01.example:",
                        List.of(new Portal("192.0.2.20", 3261), new Portal("192.0.2.21", 3261),
                                new Portal("fd00::21", 3261)),
                        Path.of("/srv/volumes"), false, Optional.of("sync"), Optional.of(Path.of("/var/lock/cinder"))),
                new NameTemplate("vol-%s")));
    }

    @Test
    void namesOfBeforeAndWhatHoldsForAllBackends() {
        LvmConfig config = read("""
                [DEFAULT]
                state_path = /srv/cinder
                [backend_defaults]
                volume_group = shared
                target_ip_address = 192.0.2.9
                [lvm1]
                iscsi_helper = lioadm
                iscsi_target_prefix = iqn.2026-01.old:
                iscsi_ip_address = 192.0.2.20
                iscsi_secondary_ip_addresses = 192.0.2.21
                """);
        assertThat(config.group()).isEqualTo("shared");
        assertThat(config.helper()).isEqualTo("lioadm");
        assertThat(config.targets().prefix()).isEqualTo("iqn.2026-01.old:");
        assertThat(config.targets().portals()).hasToString("[192.0.2.20:3260, 192.0.2.21:3260]");
        assertThat(config.targets().volumesDir()).isEqualTo(Path.of("/srv/cinder/volumes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"volume_group = -x", "volume_group = a/b", "target_prefix = volumes:", "target_port = 0",
            "iscsi_write_cache = maybe", "target_ip_address = a b"})
    void whatCannotBeIsRefused(String line) {
        assertThatThrownBy(() -> read("[DEFAULT]\nmy_ip = 192.0.2.1\n[lvm1]\n" + line))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(line.substring(0, line.indexOf(' ')));
    }
}
