package dev.reseat.monitor;

import dev.reseat.runtime.ServerTls;
import dev.reseat.runtime.Settings;
import java.util.Optional;

/**
 * Group {@code [monitor]}.
 *
 * @param enabled whether to listen at all
 * @param listen address; this machine alone unless set otherwise, as there is no authentication
 * @param port 0 takes any free one
 * @param tls how it shows who it is; empty for plain HTTP
 */
public record MonitorConfig(boolean enabled, String listen, int port, Optional<ServerTls> tls) {
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
                settings.integer(GROUP, "port", usualPort, 0, MOST),
                ServerTls.from(settings, settings.bool(GROUP, "use_ssl", false)));
    }
}
