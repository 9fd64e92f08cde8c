package dev.reseat.compute.connector.nfs;

import dev.reseat.runtime.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where Nova has its shares, under its option names.
 *
 * @param mountPointBase {@code [libvirt] nfs_mount_point_base}
 * @param options {@code [libvirt] nfs_mount_options}
 * @param sharedNamespace {@code [local] users_share_namespace}: the kernel shows everybody's locks here
 */
public record NfsConfig(Path mountPointBase, Optional<String> options, boolean sharedNamespace) {
    private static final Path NOVAS = Path.of("/var/lib/nova/mnt");

    public NfsConfig {
        if (!mountPointBase.isAbsolute()) {
            throw new IllegalArgumentException("nfs_mount_point_base must be an absolute path: " + mountPointBase);
        }
    }

    public static NfsConfig from(Settings settings) {
        return new NfsConfig(
                settings.value("libvirt", "nfs_mount_point_base", NOVAS, Path::of),
                settings.optionalText("libvirt", "nfs_mount_options"),
                settings.bool("local", "users_share_namespace", false));
    }
}
