package dev.reseat.compute.host;

import dev.reseat.runtime.Settings;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * The host under nova.conf's option names.
 *
 * @param name {@code host}: what Nova calls this host, and what the RPC servers listen as
 * @param ip {@code my_block_storage_ip}, or else {@code my_ip}
 * @param multipath {@code [libvirt] volume_use_multipath}
 */
public record HostConfig(String name, String ip, boolean multipath) {
    private static final String DEFAULT = "DEFAULT";
    private static final String LOOPBACK = "127.0.0.1";

    public HostConfig {
        if (name.isBlank() || ip.isBlank()) {
            throw new IllegalArgumentException("host and my_ip must not be blank");
        }
    }

    public static HostConfig from(Settings settings) {
        String ip = settings.optionalText(DEFAULT, "my_ip").orElseGet(HostConfig::firstAddress);
        return new HostConfig(
                settings.host(),
                settings.optionalText(DEFAULT, "my_block_storage_ip").filter(text -> !text.equals("$my_ip")).orElse(ip),
                settings.bool("libvirt", "volume_use_multipath", false));
    }

    private static String firstAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(address -> address.getHostAddress())
                    .findFirst()
                    .orElse(LOOPBACK);
        } catch (SocketException e) {
            throw new IllegalArgumentException("[DEFAULT] my_ip: must be set, as no network interface can be read", e);
        }
    }
}
