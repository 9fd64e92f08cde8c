package dev.reseat.api;

import dev.reseat.api.finding.FindingConfig;
import dev.reseat.api.flow.ReconcilerConfig;
import dev.reseat.api.job.JobConfig;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.rest.RestConfig;
import dev.reseat.api.rest.keystone.KeystoneConfig;
import dev.reseat.api.service.ReceiptConfig;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.cell.CellsConfig;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.blockstorage.BlockStorageConfig;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an api-node is set to.
 *
 * @param host {@code [DEFAULT] host}: this node's name in notifications and as RPC server
 * @param replaces nova-conductor, or nothing
 * @param broker of Cinder and of whatever is in no cell
 * @param cellRpc how RPC is set over another broker
 * @param cinderApi has attachments connected and disconnected, if that is not left to calls of cinder-volume
 */
public record ApiNodeConfig(
        String host,
        Replaces replaces,
        TransportUrl broker,
        Function<TransportUrl, RpcConfig> cellRpc,
        DatabaseConfig database,
        CellsConfig cells,
        LeaseConfig lease,
        RemoteConfig remote,
        Optional<BlockStorageConfig> cinderApi,
        ReconcilerConfig reconciler,
        ReceiptConfig receipts,
        JobConfig job,
        FindingConfig finding,
        RestConfig rest,
        KeystoneConfig keystone) {
    private static final String CINDER_VOLUME = "cinder-volume";

    public ApiNodeConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("[DEFAULT] host: must not be blank");
        }
    }

    public static ApiNodeConfig from(Settings settings) {
        RpcConfig rpc = RpcConfig.from(settings);
        return new ApiNodeConfig(
                settings.host(),
                Replaces.from(settings, OpenStackService.NOVA_CONDUCTOR),
                rpc.url(),
                url -> rpc.over(url, settings),
                DatabaseConfig.from(settings),
                CellsConfig.from(settings),
                LeaseConfig.from(settings),
                RemoteConfig.from(settings),
                cinderApi(settings),
                ReconcilerConfig.from(settings),
                ReceiptConfig.from(settings),
                JobConfig.from(settings),
                FindingConfig.from(settings),
                RestConfig.from(settings),
                KeystoneConfig.from(settings));
    }

    private static Optional<BlockStorageConfig> cinderApi(Settings settings) {
        String who = settings.choice("reseat", "attachments_by", CINDER_VOLUME, List.of(CINDER_VOLUME, "cinder-api"));
        return who.equals(CINDER_VOLUME) ? Optional.empty() : Optional.of(BlockStorageConfig.from(settings));
    }
}
