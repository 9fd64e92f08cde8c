package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import dev.reseat.testing.CapturedLog;
import dev.reseat.volume.VolumeManagerConfig.Backend;
import dev.reseat.volume.driver.file.FileConfig;
import dev.reseat.volume.service.PresenceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VolumeManagerConfigTest {
    private static VolumeManagerConfig read(String text) {
        return Settings.parse(text).checked(settings -> VolumeManagerConfig.from(settings, "this-host"));
    }

    @Test
    void defaults() {
        var config = read("""
                [DEFAULT]
                enabled_backends = file1
                [file1]
                volume_driver = file
                """);

        Backend backend = config.backends().getFirst();
        assertThat(backend.driver().config())
                .isEqualTo(new FileConfig(Path.of("/var/lib/reseat/volumes"), "volume-%s", false));
        assertThat(config).isEqualTo(
                new VolumeManagerConfig("openstack", Replaces.NONE, Duration.ofSeconds(30),
                        new PresenceConfig(Duration.ofSeconds(10), Duration.ofSeconds(60)),
                        new RequestTimes(Duration.ofSeconds(216), Duration.ofSeconds(9)),
                        List.of(new Backend("file1", "this-host", Optional.empty(), "file1", "nova",
                                backend.driver()))));
        assertThat(config.backends().getFirst().host()).isEqualTo("this-host@file1");
    }

    @Test
    void everyKey() {
        var config = read("""
                [DEFAULT]
                host = host-1
                cluster = cluster-1
                control_exchange = cinder
                rpc_response_timeout = 10
                report_interval = 3
                backend_stats_polling_interval = 20
                storage_availability_zone = az-1
                enabled_backends = one, two
                [one]
                volume_driver = file
                volume_backend_name = gold
                file_volumes_dir = /srv/one
                [two]
                volume_driver = file
                backend_host = host-2
                backend_availability_zone = az-2
                file_volumes_dir = /srv/two
                [reseat]
                replaces = cinder-volume
                driver_timeout = 20
                probe_timeout = 5
                """);

        assertThat(config.times()).isEqualTo(new RequestTimes(Duration.ofSeconds(18), Duration.ofMillis(4500)));
        assertThat(config.exchange()).isEqualTo("cinder");
        assertThat(config.replaces()).isEqualTo(new Replaces(Set.of(OpenStackService.CINDER_VOLUME), false));
        assertThat(config.presence()).isEqualTo(new PresenceConfig(Duration.ofSeconds(3), Duration.ofSeconds(20)));
        assertThat(config.backends()).extracting(Backend::zone).containsExactly("az-1", "az-2");
        assertThat(config.stateTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.backends()).extracting(Backend::clusterHost)
                .containsExactly(Optional.of("cluster-1@one"), Optional.of("cluster-1@two"));
        assertThat(config.backends()).extracting(Backend::host).containsExactly("host-1@one", "host-2@two");
        assertThat(config.backends()).extracting(Backend::backendName).containsExactly("gold", "two");
    }

    @Test
    void onlyCinderVolumeCanBeReplaced() {
        assertThatThrownBy(() -> read("""
                [DEFAULT]
                enabled_backends = a
                [a]
                volume_driver = file
                [reseat]
                replaces = cinder-volume, nova-compute
                """)).isInstanceOf(SettingsException.class)
                .hasMessageContaining("[reseat] replaces")
                .hasMessageContaining("cannot replace 'nova-compute', only cinder-volume");
    }

    @Test
    void aBackendWithADriverOfCindersIsLeftToCinderVolume() {
        try (CapturedLog log = CapturedLog.of(VolumeManagerConfig.class.getName())) {
            var config = read("""
                    [DEFAULT]
                    enabled_backends = netapp1, file1
                    [netapp1]
                    volume_driver = cinder.volume.drivers.netapp.common.NetAppDriver
                    [file1]
                    volume_driver = file
                    """);

            assertThat(config.backends()).extracting(Backend::name).containsExactly("file1");
            assertThat(log.lines("WARN")).singleElement()
                    .asString()
                    .contains("[netapp1] volume_driver",
                            "cinder.volume.drivers.netapp.common.NetAppDriver is not served here",
                            "there is: ", "file");
        }
    }

    @Test
    void aTargetProgramThatIsNotServedHereLeavesItsBackendToCinderVolume() {
        try (CapturedLog log = CapturedLog.of(VolumeManagerConfig.class.getName())) {
            var config = read("""
                    [DEFAULT]
                    enabled_backends = lvm1, lvm2, lvm3
                    my_ip = 192.0.2.1
                    [lvm1]
                    volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                    target_helper = nvmet
                    [lvm2]
                    volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                    [lvm3]
                    volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                    target_protocol = iser
                    """);

            assertThat(config.backends()).extracting(Backend::name).containsExactly("lvm2");
            assertThat(String.join("\n", log.lines("WARN"))).contains(
                    "[lvm1] target_helper nvmet is not served here, there is: lioadm, tgtadm",
                    "[lvm3] target_protocol iser is not served here, there is: iscsi");
        }
    }

    @Test
    void aHelperThatNeedsCindersLocksIsToldWhereTheyAre() {
        String text = """
                [DEFAULT]
                enabled_backends = lvm1
                my_ip = 192.0.2.1
                [lvm1]
                volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                target_helper = lioadm
                """;
        assertThatThrownBy(() -> read(text)).isInstanceOf(SettingsException.class)
                .hasMessageContaining("[oslo_concurrency] lock_path");
        assertThat(read(text + "[oslo_concurrency]\nlock_path = /var/lock/cinder\n").backends()).hasSize(1);
    }

    @Test
    void cindersClassPathsNameOurDrivers() {
        var config = read("""
                [DEFAULT]
                enabled_backends = ceph1
                [ceph1]
                volume_driver = cinder.volume.drivers.rbd.RBDDriver
                rbd_pool = volumes
                rbd_max_clone_depth = 5
                [other]
                volume_driver = nobodys.Driver
                """);

        assertThat(config.backends()).singleElement()
                .satisfies(backend -> assertThat(backend.driver().create().name()).isEqualTo("rbd"));
    }

    @Test
    void aDriverThatNobodyHasIsNamedWithItsPlace() {
        assertThatThrownBy(() -> read("[DEFAULT]\nenabled_backends = a\n[a]\nvolume_driver = fiel"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("[a] volume_driver: cannot read 'fiel'")
                .hasMessageContaining("there is: ")
                .hasMessageContaining("file");
    }

    @Test
    void whatIsMissingOrTwiceOrMisspeltStopsTheProcess() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("enabled_backends");
        assertThatThrownBy(() -> read("[DEFAULT]\nenabled_backends = a\n[a]\nvolume_backend_name = gold"))
                .hasMessageContaining("[a] volume_driver: must be set");
        assertThatThrownBy(() -> read("[DEFAULT]\nenabled_backends = a,a\n[a]\nvolume_driver = file"))
                .hasMessageContaining("twice");
        assertThatThrownBy(
                () -> read("[DEFAULT]\nenabled_backends = a\n[a]\nvolume_driver = file\nfile_volume_dir = /x"))
                .hasMessageContaining("file_volumes_dir?");
        assertThatThrownBy(() -> read("[DEFAULT]\nhost = h@a\nenabled_backends = a\n[a]\nvolume_driver = file"))
                .hasMessageContaining("h@a");
    }
}
