package dev.reseat.compute;

import dev.reseat.blockstorage.BlockStorageConfig;
import dev.reseat.compute.connector.local.LocalConfig;
import dev.reseat.compute.connector.nfs.NfsConfig;
import dev.reseat.compute.guest.GuestsConfig;
import dev.reseat.compute.guest.libvirt.LibvirtConfig;
import dev.reseat.compute.host.HostConfig;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.runtime.RequestTimes;
import dev.reseat.runtime.Settings;
import java.nio.file.Path;

/**
 * What one agent is set to, in the words of {@code nova.conf}.
 *
 * @param exchange {@code [DEFAULT] control_exchange}: where Nova's queues are, of use only to who replaces it
 * @param replaces nova-compute, or nothing
 * @param statePath {@code [DEFAULT] state_path}: what has to outlive the process is kept there; one agent's alone
 */
public record ComputeAgentConfig(
        String exchange,
        Replaces replaces,
        Path statePath,
        HostConfig host,
        LocalConfig local,
        NfsConfig nfs,
        BlockStorageConfig blockStorage,
        GuestsConfig guests,
        LibvirtConfig libvirt,
        RequestTimes times) {
    private static final String DEFAULT = "DEFAULT";
    private static final Path STATE = Path.of("/var/lib/reseat/compute");

    public ComputeAgentConfig {
        if (exchange.isBlank()) {
            throw new IllegalArgumentException("[DEFAULT] control_exchange: must not be blank");
        }
    }

    public static ComputeAgentConfig from(Settings settings) {
        var host = HostConfig.from(settings);
        return new ComputeAgentConfig(
                settings.text(DEFAULT, "control_exchange", ComputeRpc.DEFAULT_EXCHANGE),
                Replaces.from(settings, OpenStackService.NOVA_COMPUTE),
                settings.value(DEFAULT, "state_path", STATE, Path::of),
                host,
                LocalConfig.from(settings, host.name()),
                NfsConfig.from(settings),
                BlockStorageConfig.from(settings),
                GuestsConfig.from(settings),
                LibvirtConfig.from(settings),
                RequestTimes.from(settings));
    }
}
