package dev.reseat.systemtest;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.testing.CloudFixture;
import java.nio.file.Path;

/**
 * The settings files of one cloud, in the words of the services they stand in for.
 *
 * @param name part of every host name, so that clouds that share a broker do not share queues
 * @param replaces whether the services serve OpenStack's own queues too, as its default is not
 */
record CloudSettings(String name, String transportUrl, Path directory, int apiPort, boolean replaces) {
    /** Longer than a busy machine needs for an answer, shorter than a test may take. */
    private static final int CALL_SECONDS = 15;
    /** A worker that was killed never reports, and its items keep their places on host and backend until then. */
    private static final int REPORT_SECONDS = 60;

    /** The same services, told to take the place of Nova's and Cinder's. */
    CloudSettings replacing() {
        return new CloudSettings(name, transportUrl, directory, apiPort, true);
    }

    private String instead(String service) {
        return replaces ? "replaces = " + service : "";
    }

    String computeHost() {
        return "cmp-" + name;
    }

    /** {@code volumes.host} of all volumes. */
    String volumeHost() {
        return "vol-" + name + "@file#file";
    }

    Path volumes() {
        return directory.resolve("volumes");
    }

    String endpoint() {
        return "http://127.0.0.1:" + apiPort;
    }

    private String volumeExchange() {
        return "cinder-" + name;
    }

    private String computeExchange() {
        return "nova-" + name;
    }

    /** The exchange on which a volume-manager in place of cinder-volume listens. */
    String cinder() {
        return volumeExchange();
    }

    /** The exchange on which an agent in place of nova-compute listens. */
    String nova() {
        return computeExchange();
    }

    String apiNode(DatabaseUrl cinder, DatabaseUrl nova) {
        return apiNode(cinder, nova, "api-" + name, apiPort);
    }

    /** One more beside the first, on the same databases. */
    String otherApiNode(DatabaseUrl cinder, DatabaseUrl nova) {
        return otherApiNode(cinder, nova, 0);
    }

    String otherApiNode(DatabaseUrl cinder, DatabaseUrl nova, int port) {
        return apiNode(cinder, nova, "api2-" + name, port);
    }

    private String apiNode(DatabaseUrl cinder, DatabaseUrl nova, String host, int port) {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                auth_strategy = noauth
                rpc_response_timeout = %d
                [api]
                port = %d
                [database]
                connection = %s
                max_pool_size = 30
                [nova_database]
                connection = %s
                [cinder]
                control_exchange = %s
                [nova]
                control_exchange = %s
                [reseat]
                %s
                reconcile_interval = 1
                journal_lease = 3
                report_timeout = %d
                driver_timeout = %d
                probe_timeout = %d
                [monitor]
                port = 0
                """.formatted(transportUrl, host, CALL_SECONDS, port, cinder.connection(), nova.connection(),
                volumeExchange(),
                computeExchange(), instead("nova-conductor"), REPORT_SECONDS, CALL_SECONDS, CALL_SECONDS);
    }

    String volumeManager() {
        return """
                [DEFAULT]
                transport_url = %s
                host = vol-%s
                control_exchange = %s
                rpc_response_timeout = %d
                enabled_backends = file
                [file]
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                [reseat]
                %s
                [monitor]
                port = 0
                """.formatted(transportUrl, name, volumeExchange(), CALL_SECONDS, volumes(), instead("cinder-volume"));
    }

    String computeAgent() {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                control_exchange = %s
                rpc_response_timeout = %d
                state_path = %s
                compute_driver = none
                [cinder]
                auth_type = noauth
                username = nova
                project_id = %s
                endpoint_template = %s/v3/%%(project_id)s
                [local]
                use_loop = false
                volumes_dirs = %s
                users_share_namespace = true
                [reseat]
                %s
                [monitor]
                port = 0
                """.formatted(transportUrl, computeHost(), computeExchange(), CALL_SECONDS, directory.resolve("agent"),
                CloudFixture.PROJECT, endpoint(), volumes(), instead("nova-compute"));
    }
}
