package dev.reseat.compute.host;

import dev.reseat.host.OwnAddress;
import dev.reseat.runtime.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The host under nova.conf's option names.
 *
 * @param name {@code host}: what Nova calls this host, and what the RPC servers listen as
 * @param ip {@code my_block_storage_ip}, or else {@code my_ip}
 * @param multipath {@code [libvirt] volume_use_multipath}
 * @param lockPath {@code [os_brick] lock_path}, else {@code [oslo_concurrency] lock_path}: where nova-compute's
 *     os-brick has its locks
 * @param volumeNames {@code volume_name_template}, as in cinder.conf: what volumes are called, {@code %s} is the id
 */
public record HostConfig(String name, String ip, boolean multipath, Optional<Path> lockPath, String volumeNames) {
    private static final String DEFAULT = "DEFAULT";
    private static final String VOLUME_NAMES = "volume-%s";

    public HostConfig {
        if (name.isBlank() || ip.isBlank()) {
            throw new IllegalArgumentException("host and my_ip must not be blank");
        }
        if (volumeNames.split("%s", -1).length != 2) {
            throw new IllegalArgumentException("volume_name_template must have one %s: '" + volumeNames + "'");
        }
    }

    /** Of a cloud whose volumes are called as Cinder calls them unless it is told otherwise. */
    public HostConfig(String name, String ip, boolean multipath, Optional<Path> lockPath) {
        this(name, ip, multipath, lockPath, VOLUME_NAMES);
    }

    public static HostConfig from(Settings settings) {
        String ip = settings.optionalText(DEFAULT, "my_ip").orElseGet(OwnAddress::first);
        Optional<String> general = settings.optionalText("oslo_concurrency", "lock_path");
        return new HostConfig(
                settings.host(),
                settings.optionalText(DEFAULT, "my_block_storage_ip").filter(text -> !text.equals("$my_ip")).orElse(ip),
                settings.bool("libvirt", "volume_use_multipath", false),
                settings.optionalText("os_brick", "lock_path").or(() -> general).map(Path::of),
                settings.text(DEFAULT, "volume_name_template", VOLUME_NAMES));
    }
}
