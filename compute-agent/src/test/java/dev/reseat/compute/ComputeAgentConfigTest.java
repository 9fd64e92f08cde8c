package dev.reseat.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.blockstorage.BlockStorageConfig;
import dev.reseat.blockstorage.Credentials;
import dev.reseat.compute.connector.local.LocalConfig;
import dev.reseat.compute.guest.GuestsConfig;
import dev.reseat.compute.guest.libvirt.LibvirtConfig;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ComputeAgentConfigTest {
    private static final String LEAST = "[cinder]\npassword = geheim\n";

    private static ComputeAgentConfig read(String text) {
        return Settings.parse(text).checked(ComputeAgentConfig::from);
    }

    @Test
    void hasNovasDefaults() {
        ComputeAgentConfig config = read(LEAST);
        assertThat(config.exchange()).isEqualTo("nova");
        assertThat(config.replaces()).isEqualTo(Replaces.NONE);
        assertThat(config.statePath()).isEqualTo(Path.of("/var/lib/reseat/compute"));
        assertThat(config.local()).isEqualTo(new LocalConfig(
                config.host().name(), LocalConfig.UseLoop.AUTO, List.of(LocalConfig.DEFAULT_VOLUMES_DIR), false));
        assertThat(config.times()).isEqualTo(new RequestTimes(Duration.ofSeconds(216), Duration.ofSeconds(9)));
        assertThat(config.blockStorage().endpoint()).isEmpty();
        assertThat(config.blockStorage().catalog())
                .isEqualTo(new BlockStorageConfig.CatalogInfo("volumev3", Optional.empty(), "public"));
        assertThat(config.blockStorage().connectRetries()).isEqualTo(3);
        assertThat(config.blockStorage().timeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void readsEveryOption() {
        ComputeAgentConfig config = read("""
                [DEFAULT]
                host = cmp-1
                my_ip = 192.0.2.1
                control_exchange = nova2
                state_path = /var/lib/agent
                compute_driver = fake.FakeDriver
                [reseat]
                replaces = nova-compute
                driver_timeout = 20
                probe_timeout = 5
                [local]
                use_loop = true
                volumes_dirs = /srv/a, /srv/b
                users_share_namespace = true
                [cinder]
                auth_type = v3password
                auth_url = http://keystone/v3
                user_id = u1
                password = geheim
                project_id = p1
                catalog_info = block-storage:cinder:internalURL
                os_region_name = R1
                http_retries = 1
                timeout = 2.5
                endpoint_template = http://cinder/v3/%(project_id)s
                """);
        assertThat(config.exchange()).isEqualTo("nova2");
        assertThat(config.replaces().includes(OpenStackService.NOVA_COMPUTE)).isTrue();
        assertThat(config.statePath()).isEqualTo(Path.of("/var/lib/agent"));
        assertThat(config.times()).isEqualTo(new RequestTimes(Duration.ofSeconds(18), Duration.ofMillis(4500)));
        assertThat(config.local()).isEqualTo(new LocalConfig(
                "cmp-1", LocalConfig.UseLoop.TRUE, List.of(Path.of("/srv/a"), Path.of("/srv/b")), true));
        assertThat(config.blockStorage()).isEqualTo(new BlockStorageConfig(
                new Credentials.Password(
                        URI.create("http://keystone/v3"), Map.of("id", "u1"), "geheim", Map.of("id", "p1")),
                Optional.of("http://cinder/v3/%(project_id)s"),
                new BlockStorageConfig.CatalogInfo("block-storage", Optional.of("cinder"), "internal"),
                Optional.of("R1"), 1, Duration.ofMillis(2500)));
    }

    @Test
    void anyHypervisorIsTakenAndRemembered() {
        assertThat(read("[DEFAULT]\ncompute_driver = libvirt.LibvirtDriver\n" + LEAST).guests())
                .isEqualTo(new GuestsConfig("libvirt.LibvirtDriver"))
                .matches(GuestsConfig::isLibvirt);
        assertThat(new GuestsConfig("nova.virt.libvirt.LibvirtDriver").isLibvirt()).isTrue();
        assertThat(read(LEAST).guests().isLibvirt()).isFalse();
        assertThat(read("[DEFAULT]\ncompute_driver = none\n" + LEAST).guests()).isEqualTo(GuestsConfig.NONE);
        assertThat(read(LEAST).guests()).isEqualTo(new GuestsConfig(""));
    }

    @Test
    void libvirtIsReachedAsNovaReachesIt() {
        assertThat(read(LEAST).libvirt()).isEqualTo(new LibvirtConfig("qemu:///system", 8, Duration.ofSeconds(20)));
        assertThat(read("[libvirt]\nvirt_type = lxc\n" + LEAST).libvirt().uri()).isEqualTo("lxc:///");
        assertThat(read("""
                [libvirt]
                virt_type = qemu
                connection_uri = qemu+unix:///system?socket=/run/libvirt/libvirt-sock
                device_detach_attempts = 3
                device_detach_timeout = 7
                """ + LEAST).libvirt()).isEqualTo(new LibvirtConfig(
                "qemu+unix:///system?socket=/run/libvirt/libvirt-sock", 3, Duration.ofSeconds(7)));
    }

    @Test
    void aVolumesFolderThatIsEverythingIsRefused() {
        assertThatThrownBy(() -> read("[local]\nvolumes_dirs = /\n" + LEAST))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("volumes_dirs");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> read("[local]\nuse_loop = perhaps\nuse_lop = true\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("use_loop: cannot read")
                .hasMessageContaining("use_lop")
                .hasMessageContaining("[cinder] password: must be set");
    }
}
