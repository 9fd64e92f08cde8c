package dev.reseat.volume.driver.lvm;

import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.Portal;
import dev.reseat.host.OwnAddress;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.BackendSettings;
import dev.reseat.volume.driver.NameTemplate;
import dev.reseat.volume.target.TargetConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a backend with {@code volume_driver = cinder.volume.drivers.lvm.LVMVolumeDriver}, by Cinder's names.
 *
 * @param group {@code volume_group}
 * @param lvmConf {@code lvm_conf_file}, where it is there: LVM's programs get its folder for their own
 * @param helper {@code target_helper}
 * @param nameTemplate {@code [DEFAULT] volume_name_template}: a logical volume's name, {@code %s} is the volume's id
 */
record LvmConfig(String group, Optional<Path> lvmConf, String helper, TargetConfig targets, NameTemplate nameTemplate) {
    static final String DEFAULT_HELPER = "tgtadm";
    static final String PROTOCOL = "iscsi";
    private static final String DEFAULT = "DEFAULT";
    private static final String LVM_CONF = "/etc/cinder/lvm.conf";
    private static final int PORT = 3260;
    private static final int MOST = 65_535;

    LvmConfig {
        if (!group.matches("[A-Za-z0-9+_.][A-Za-z0-9+_.-]*")) {
            throw new IllegalArgumentException("volume_group must be the name of a volume group: '" + group + "'");
        }
        if (!nameTemplate.nameOf("a").matches("[A-Za-z0-9+_.][A-Za-z0-9+_.-]*")) {
            throw new IllegalArgumentException(
                    "volume_name_template must be the name of a logical volume: '" + nameTemplate.text() + "'");
        }
    }

    static LvmConfig from(Settings settings, String backend) {
        var options = new BackendSettings(settings, backend);
        var template = new NameTemplate(settings.text(DEFAULT, "volume_name_template", "volume-%s"));
        String conf = options.text("lvm_conf_file").orElse(LVM_CONF);
        return new LvmConfig(
                options.text("volume_group").orElse("cinder-volumes"),
                Optional.of(Path.of(conf)).filter(file -> !conf.equals("None") && Files.isRegularFile(file)),
                helper(settings, backend),
                targets(settings, options),
                template);
    }

    static String helper(Settings settings, String backend) {
        return new BackendSettings(settings, backend).text("target_helper", "iscsi_helper").orElse(DEFAULT_HELPER);
    }

    static String protocol(Settings settings, String backend) {
        return new BackendSettings(settings, backend).text("target_protocol", "iscsi_protocol").orElse(PROTOCOL);
    }

    private static TargetConfig targets(Settings settings, BackendSettings options) {
        Path state = settings.value(DEFAULT, "state_path", Path.of("/var/lib/cinder"), Path::of);
        return new TargetConfig(
                options.text("target_prefix", "iscsi_target_prefix").orElse("iqn.2010-10.org.openstack:"),
                portals(settings, options),
                options.text("volumes_dir").map(Path::of).orElse(state.resolve("volumes")),
                !options.find((all, section, key) -> all.choice(section, key, "on", List.of("on", "off")),
                        "iscsi_write_cache").orElse("on").equals("off"),
                options.text("iscsi_target_flags"),
                settings.optionalText("oslo_concurrency", "lock_path").map(Path::of));
    }

    private static List<Portal> portals(Settings settings, BackendSettings options) {
        int port = options.find((all, section, key) -> all.integer(section, key, PORT, 1, MOST),
                "target_port", "iscsi_port").orElse(PORT);
        List<String> addresses = new ArrayList<>();
        addresses.add(options.text("target_ip_address", "iscsi_ip_address")
                .or(() -> settings.optionalText(DEFAULT, "my_ip"))
                .orElseGet(OwnAddress::first));
        options.find((all, section, key) -> all.list(section, key, List.of()),
                "target_secondary_ip_addresses", "iscsi_secondary_ip_addresses").ifPresent(addresses::addAll);
        try {
            return addresses.stream().map(address -> new Portal(address, port)).toList();
        } catch (MalformedConnection e) {
            throw new IllegalArgumentException("target_ip_address and target_secondary_ip_addresses must be addresses",
                    e);
        }
    }

    /** The logical volume of the volume of that name id. */
    String nameOf(String nameId) {
        return nameTemplate.nameOf(nameId);
    }
}
