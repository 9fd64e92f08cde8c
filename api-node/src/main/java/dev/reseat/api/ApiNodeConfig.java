package dev.reseat.api;

import dev.reseat.api.flow.ReconcilerConfig;
import dev.reseat.api.job.JobConfig;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.api.rest.RestConfig;
import dev.reseat.api.rest.keystone.KeystoneConfig;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.Replaces;
import dev.reseat.runtime.Settings;

/**
 * What an api-node is set to.
 *
 * @param host {@code [DEFAULT] host}: this node's name in notifications and as RPC server
 * @param replaces nova-conductor, or nothing
 */
public record ApiNodeConfig(
        String host,
        Replaces replaces,
        DatabaseConfig database,
        LeaseConfig lease,
        RemoteConfig remote,
        ReconcilerConfig reconciler,
        JobConfig job,
        RestConfig rest,
        KeystoneConfig keystone) {
    public ApiNodeConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("[DEFAULT] host: must not be blank");
        }
    }

    public static ApiNodeConfig from(Settings settings) {
        return new ApiNodeConfig(
                settings.host(),
                Replaces.from(settings, OpenStackService.NOVA_CONDUCTOR),
                DatabaseConfig.from(settings),
                LeaseConfig.from(settings),
                RemoteConfig.from(settings),
                ReconcilerConfig.from(settings),
                JobConfig.from(settings),
                RestConfig.from(settings),
                KeystoneConfig.from(settings));
    }
}
