package dev.reseat.monitor;

import dev.reseat.runtime.Settings;

/**
 * Group {@code [monitor]}.
 *
 * @param enabled whether to listen at all
 * @param listen address; this machine alone unless set otherwise, as there is no authentication
 * @param port 0 takes any free one
 */
public record MonitorConfig(boolean enabled, String listen, int port) {
    private static final String GROUP = "monitor";
    private static final int MOST = 65535;

    public MonitorConfig {
        if (listen.isBlank()) {
            throw new IllegalArgumentException("[monitor] listen: must not be blank");
        }
        if (port < 0 || port > MOST) {
            throw new IllegalArgumentException("[monitor] port: must be from 0 to " + MOST + ": " + port);
        }
    }

    /** @param usualPort each kind of service has its own, so that they fit on one host */
    public static MonitorConfig from(Settings settings, int usualPort) {
        return new MonitorConfig(
                settings.bool(GROUP, "enabled", true),
                settings.text(GROUP, "listen", "127.0.0.1"),
                settings.integer(GROUP, "port", usualPort, 0, MOST));
    }
}
