package dev.reseat.volume.driver.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import dev.reseat.volume.driver.NameTemplate;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RbdConfigTest {
    private static RbdConfig read(String text) {
        return Settings.parse(text).checked(settings -> RbdConfig.from(settings, "ceph1"));
    }

    @Test
    void cindersDefaults() {
        assertThat(read("")).isEqualTo(new RbdConfig("rbd", Optional.empty(), Optional.empty(), "ceph",
                Optional.empty(), Optional.empty(), new NameTemplate("volume-%s")));
    }

    @Test
    void everyKey() {
        assertThat(read("""
                [DEFAULT]
                volume_name_template = vol-%s
                [ceph1]
                rbd_pool = volumes
                rbd_user = cinder
                rbd_ceph_conf = /etc/ceph/east.conf
                rbd_cluster_name = east
                rbd_secret_uuid = 457eb676-33da-42ec-9a8c-9293d545c337
                rbd_keyring_conf = /etc/ceph/east.client.cinder.keyring
                rbd_flatten_volume_from_snapshot = false
                """)).isEqualTo(new RbdConfig("volumes", Optional.of("cinder"),
                Optional.of(Path.of("/etc/ceph/east.conf")), "east",
                Optional.of("457eb676-33da-42ec-9a8c-9293d545c337"),
                Optional.of(Path.of("/etc/ceph/east.client.cinder.keyring")), new NameTemplate("vol-%s")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "-p", "a@b"})
    void whatIsNoPoolIsRefused(String pool) {
        assertThatThrownBy(() -> read("[ceph1]\nrbd_pool = " + pool)).isInstanceOf(SettingsException.class)
                .hasMessageContaining("rbd_pool");
    }
}
