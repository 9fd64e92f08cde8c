package dev.reseat.api.remote;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.client.VersionCap;
import dev.reseat.runtime.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the other services listen and how long they are waited for.
 *
 * @param volumeExchange {@code control_exchange} of the volume services
 * @param computeExchange {@code control_exchange} of the compute services
 * @param driverTimeout for calls that make a driver or a host work
 * @param probeTimeout for questions that change nothing
 * @param volumeCap the highest version sent to volume services
 * @param computeCap the highest version sent to compute services
 */
public record RemoteConfig(
        String volumeExchange,
        String computeExchange,
        Duration driverTimeout,
        Duration probeTimeout,
        Optional<VersionCap> volumeCap,
        Optional<VersionCap> computeCap) {
    public RemoteConfig {
        if (!driverTimeout.isPositive() || !probeTimeout.isPositive()) {
            throw new IllegalArgumentException("driver_timeout and probe_timeout must be positive");
        }
    }

    public static RemoteConfig from(Settings settings) {
        return new RemoteConfig(
                settings.text("cinder", "control_exchange", VolumeRpc.DEFAULT_EXCHANGE),
                settings.text("nova", "control_exchange", ComputeRpc.DEFAULT_EXCHANGE),
                settings.seconds("reseat", "driver_timeout", Duration.ofSeconds(60)),
                settings.seconds("reseat", "probe_timeout", Duration.ofSeconds(10)),
                VersionCap.from(settings, "volume", Map.of()),
                VersionCap.from(settings, "compute", ComputeRpc.RELEASES));
    }
}
