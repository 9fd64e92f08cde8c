package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.testing.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a file that nobody reads is passed over, and what stops the start. */
final class UnreadSettingsTest {
    @Test
    void settingsOfOpenStackAreKnown() {
        Settings settings = Settings.parse("""
                [DEFAULT]
                enabled_backends = lvm-1, Ceph
                compute_driver = libvirt.LibvirtDriver
                log-file = /var/log/x.log
                [keystone_authtoken]
                username = cinder
                project_domain_name = Default
                [libvirt]
                virt_type = kvm
                [lvm-1]
                volume_group = cinder-volumes
                [ceph]
                rbd_pool = volumes
                [fc-zone-manager]
                fc_fabric_names = fabric_A
                [fabric_A]
                fc_fabric_address = 192.0.2.7
                [privsep_osbrick]
                helper_command = sudo helper
                [mdev_nvidia-35]
                max_instances = 2
                """);

        settings.check();
    }

    @Test
    void whatOpenStackPassesOverIsPassedOverAndNamedInOneLine() {
        Settings settings = Settings.parse("""
                [DEFAULT]
                verbose = True
                rpc_backend = rabbit
                volume_group = cinder-volumes
                glance_api_version = 2
                enabled_backends = ceph-ssd
                transport_url = rabbit://
                our_site = 7
                [oslo_messaging_rabbit]
                rabbit_hosts = 192.0.2.21:5672
                [oslo_messaging_amqp]
                allow_insecure_clients = False
                [ceph-ssd]
                volume_driver = cinder.volume.drivers.rbd.RBDDriver
                host = rbd:volumes
                glance_api_version = 2
                [ceph-old]
                rbd_pool = volumes-old
                backend_host = rbd:volumes-old
                [local]
                volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver
                """);
        settings.text("DEFAULT", "transport_url", "");
        settings.text("oslo_messaging_rabbit", "rabbit_quorum_queue", "");
        settings.text("ceph-ssd", "volume_driver", "");
        settings.text("ceph-ssd", "backend_host", "");
        settings.text("local", "use_loop", "");

        try (CapturedLog log = CapturedLog.of(Settings.class.getName())) {
            settings.check();

            assertThat(log.lines("INFO")).singleElement()
                    .asString()
                    .contains("[DEFAULT] verbose, rpc_backend, volume_group, glance_api_version, enabled_backends;")
                    .contains("[oslo_messaging_rabbit] rabbit_hosts;", "[ceph-ssd] host, glance_api_version;")
                    .contains("[ceph-old] rbd_pool, backend_host");
            assertThat(log.lines("WARN")).singleElement().asString().contains("[DEFAULT] our_site");
        }
    }

    @Test
    void aSectionFullOfThemIsCutShort() {
        String fifteen = IntStream.range(0, 15)
                .mapToObj(i -> "site_option_" + i + " = 1\n")
                .collect(Collectors.joining());
        try (CapturedLog log = CapturedLog.of(Settings.class.getName())) {
            Settings.parse("[libvirt]\n" + fifteen).check();

            assertThat(log.lines("WARN")).singleElement()
                    .asString()
                    .contains("site_option_9 and 5 more")
                    .doesNotContain("site_option_10");
        }
    }

    @ParameterizedTest
    @CsvSource({
            "reseat,drivr_timeout", "reseat,frobnicate", "reseat,host", "resaet,driver_timeout", "monitor,prt",
            "nova_databse,connection", "DEFAULT,transprt_url", "DEFAULT,hosts",
            "oslo_messaging_rabbit,rabbit_quorm_queue",
            "ceph,volume_drver"
    })
    void whatWasMeantForUsAndIsMisspeltStopsTheStartWithItsPlace(String group, String key) {
        Settings settings = Settings.parse("[DEFAULT]\nenabled_backends = ceph\n[" + group + "]\n" + key + " = 1");
        settings.list("DEFAULT", "enabled_backends", List.of());
        settings.text("DEFAULT", "transport_url", "");
        settings.text("DEFAULT", "host", "");
        settings.text("oslo_messaging_rabbit", "rabbit_quorum_queue", "");
        settings.text("ceph", "volume_driver", "");

        assertThat(catchThrowableOfType(SettingsException.class, settings::check).problems()).singleElement()
                .asString()
                .startsWith("[" + group + "] " + key + ": unknown setting")
                .endsWith("(settings:4)");
    }

    @Test
    void whatAnotherOfOurProcessesReadsIsNoMistake() {
        Settings settings =
                Settings.parse("[reseat]\ndriver_timeout = 5\n[monitor]\nport = 0\n[local]\nuse_loop = auto");
        settings.seconds("reseat", "probe_timeout", Duration.ZERO);

        settings.check();
    }
}
