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
 */
public record HostConfig(String name, String ip, boolean multipath, Optional<Path> lockPath) {
    private static final String DEFAULT = "DEFAULT";

    public HostConfig {
        if (name.isBlank() || ip.isBlank()) {
            throw new IllegalArgumentException("host and my_ip must not be blank");
        }
    }

    public static HostConfig from(Settings settings) {
        String ip = settings.optionalText(DEFAULT, "my_ip").orElseGet(OwnAddress::first);
        Optional<String> general = settings.optionalText("oslo_concurrency", "lock_path");
        return new HostConfig(
                settings.host(),
                settings.optionalText(DEFAULT, "my_block_storage_ip").filter(text -> !text.equals("$my_ip")).orElse(ip),
                settings.bool("libvirt", "volume_use_multipath", false),
                settings.optionalText("os_brick", "lock_path").or(() -> general).map(Path::of));
    }
}
