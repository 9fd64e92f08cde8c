package dev.reseat.volume.driver.nfs;

import dev.reseat.runtime.Settings;
import dev.reseat.volume.driver.BackendSettings;
import dev.reseat.volume.driver.NameTemplate;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settings of a backend with {@code volume_driver = cinder.volume.drivers.nfs.NfsDriver}, by Cinder's names.
 *
 * @param mountPointBase {@code nfs_mount_point_base}: where the shares are mounted
 * @param share {@code nas_host} and {@code nas_share_path}, as {@code HOST:/PATH}: the only one, if it is set
 * @param options {@code nas_mount_options}: what hosts are told to mount that one with
 * @param sharesConfig {@code nfs_shares_config}: a file with the shares otherwise
 * @param nameTemplate {@code [DEFAULT] volume_name_template}: a file's name, {@code %s} is the volume's id
 */
record NfsBackendConfig(
        Path mountPointBase, Optional<String> share, Optional<String> options, Path sharesConfig,
        NameTemplate nameTemplate) {
    private static final String DEFAULT = "DEFAULT";

    NfsBackendConfig {
        if (!mountPointBase.isAbsolute()) {
            throw new IllegalArgumentException("nfs_mount_point_base must be an absolute path: " + mountPointBase);
        }
        if (nameTemplate.nameOf("").matches(".*[/%].*|\\..*")) {
            throw new IllegalArgumentException(
                    "volume_name_template must be a file name: '" + nameTemplate.text() + "'");
        }
    }

    static NfsBackendConfig from(Settings settings, String backend) {
        var options = new BackendSettings(settings, backend);
        Path state = settings.value(DEFAULT, "state_path", Path.of("/var/lib/cinder"), Path::of);
        return new NfsBackendConfig(
                options.text("nfs_mount_point_base").map(Path::of).orElse(state.resolve("mnt")),
                options.text("nas_host").flatMap(host -> options.text("nas_share_path").map(path -> host + ":" + path)),
                options.text("nas_mount_options"),
                options.text("nfs_shares_config").map(Path::of).orElse(Path.of("/etc/cinder/nfs_shares")),
                new NameTemplate(settings.text(DEFAULT, "volume_name_template", "volume-%s")));
    }

    /** The file of the volume of that name id. */
    String nameOf(String nameId) {
        return nameTemplate.nameOf(nameId);
    }
}
