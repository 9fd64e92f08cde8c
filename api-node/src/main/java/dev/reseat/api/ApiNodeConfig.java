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
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import java.util.function.Function;

/**
 * What an api-node is set to.
 *
 * @param host {@code [DEFAULT] host}: this node's name in notifications and as RPC server
 * @param replaces nova-conductor, or nothing
 * @param broker of Cinder and of whatever is in no cell
 * @param cellRpc how RPC is set over another broker
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
        ReconcilerConfig reconciler,
        ReceiptConfig receipts,
        JobConfig job,
        FindingConfig finding,
        RestConfig rest,
        KeystoneConfig keystone) {
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
                ReconcilerConfig.from(settings),
                ReceiptConfig.from(settings),
                JobConfig.from(settings),
                FindingConfig.from(settings),
                RestConfig.from(settings),
                KeystoneConfig.from(settings));
    }
}
