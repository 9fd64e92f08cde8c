package dev.reseat.compute.guest.libvirt;

import dev.reseat.runtime.Settings;
import java.time.Duration;

/**
 * Group {@code [libvirt]}, by Nova's names.
 *
 * @param uri {@code connection_uri}, or what {@code virt_type} stands for
 * @param detachAttempts {@code device_detach_attempts}: how often a running guest is asked to let go of a disk
 * @param detachTimeout {@code device_detach_timeout}: how long it may take each time
 */
public record LibvirtConfig(String uri, int detachAttempts, Duration detachTimeout) {
    private static final String GROUP = "libvirt";
    private static final int ATTEMPTS = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    public LibvirtConfig {
        if (uri.isBlank() || uri.startsWith("-")) {
            throw new IllegalArgumentException("[libvirt] connection_uri: must be the URI of a hypervisor: '" + uri
                    + "'");
        }
        if (detachAttempts < 1 || !detachTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "[libvirt] device_detach_attempts and device_detach_timeout: must be positive");
        }
    }

    public static LibvirtConfig from(Settings settings) {
        String usual = switch (settings.text(GROUP, "virt_type", "kvm")) {
            case "lxc" -> "lxc:///";
            case "parallels" -> "parallels:///system";
            default -> "qemu:///system";
        };
        String uri = settings.text(GROUP, "connection_uri", "").strip();
        return new LibvirtConfig(
                uri.isEmpty() ? usual : uri,
                settings.integer(GROUP, "device_detach_attempts", ATTEMPTS, 1, Integer.MAX_VALUE),
                settings.seconds(GROUP, "device_detach_timeout", TIMEOUT));
    }
}
