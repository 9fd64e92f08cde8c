package dev.reseat.api.remote;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.VersionCap;
import dev.reseat.runtime.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the other services listen and how long they are waited for.
 *
 * @param volumeExchange {@code control_exchange} of the volume services
 * @param computeExchange {@code control_exchange} of the compute services
 * @param driverTimeout the longest that a call is waited for which makes a driver or a host work
 * @param probeTimeout for questions that change nothing
 * @param reportTimeout how long a step that was cast may take until its worker's report
 * @param repairTimeout how long all calls of one repair may take together
 * @param monitorTimeout after how long without a sign of life a call is given up; whole seconds, at least 2
 * @param volumeCap the highest version sent to volume services
 * @param computeCap the highest version sent to compute services
 */
public record RemoteConfig(
        String volumeExchange,
        String computeExchange,
        Duration driverTimeout,
        Duration probeTimeout,
        Duration reportTimeout,
        Duration repairTimeout,
        Duration monitorTimeout,
        Optional<VersionCap> volumeCap,
        Optional<VersionCap> computeCap) {
    private static final Duration REPORT = Duration.ofMinutes(5);
    private static final Duration REPAIR = Duration.ofSeconds(280);
    private static final Duration MONITOR = Duration.ofSeconds(30);

    public RemoteConfig {
        if (Stream.of(driverTimeout, probeTimeout, reportTimeout, repairTimeout).anyMatch(time -> !time.isPositive())) {
            throw new IllegalArgumentException(
                    "driver_timeout, probe_timeout, report_timeout and repair_timeout must be positive");
        }
        if (monitorTimeout.toSeconds() < 2) {
            throw new IllegalArgumentException("call_monitor_timeout must be at least 2 seconds");
        }
    }

    /** Reports, repairs and signs of life are given as much time as is usual. */
    public RemoteConfig(
            String volumeExchange, String computeExchange, Duration driverTimeout, Duration probeTimeout,
            Optional<VersionCap> volumeCap, Optional<VersionCap> computeCap) {
        this(volumeExchange, computeExchange, driverTimeout, probeTimeout, REPORT, REPAIR, MONITOR, volumeCap,
                computeCap);
    }

    /** For a call that may take long: as long as a driver may, as long as its service shows that it lives. */
    PreparedCall working(PreparedCall call) {
        return call.timeout(driverTimeout).monitored(monitorTimeout);
    }

    /** What is set of {@link #reportTimeout()}. */
    public static Duration reportTimeout(Settings settings) {
        return settings.seconds("reseat", "report_timeout", REPORT);
    }

    public static RemoteConfig from(Settings settings) {
        return new RemoteConfig(
                settings.text("cinder", "control_exchange", VolumeRpc.DEFAULT_EXCHANGE),
                settings.text("nova", "control_exchange", ComputeRpc.DEFAULT_EXCHANGE),
                settings.seconds("reseat", "driver_timeout", Duration.ofMinutes(4)),
                settings.seconds("reseat", "probe_timeout", Duration.ofSeconds(10)),
                reportTimeout(settings),
                settings.seconds("reseat", "repair_timeout", REPAIR),
                settings.seconds("reseat", "call_monitor_timeout", MONITOR),
                VersionCap.from(settings, "volume", Map.of()),
                VersionCap.from(settings, "compute", ComputeRpc.RELEASES));
    }
}
