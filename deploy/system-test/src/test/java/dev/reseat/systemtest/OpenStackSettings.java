package dev.reseat.systemtest;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The settings files of a real OpenStack and of ours beside it.
 *
 * @param name part of the host names
 */
record OpenStackSettings(
        String name, String transportUrl, Path directory, int cinderPort, int placementPort, int apiPort)
        implements OpenStackDatabases.Preparation {
    private static final int CALL_SECONDS = 30;

    static OpenStackSettings create(String name, String transportUrl, Path directory) {
        return new OpenStackSettings(
                name, transportUrl, directory, LoopbackPorts.reserve(), LoopbackPorts.reserve(),
                LoopbackPorts.reserve());
    }

    String computeHost() {
        return "cmp-" + name;
    }

    String volumeHost() {
        return "vol-" + name;
    }

    /** cinder-volume, by the name of its queue. */
    String backend() {
        return volumeHost() + "@files";
    }

    Path volumes() {
        return directory.resolve("volumes");
    }

    Path file(String name) {
        return directory.resolve(name + ".conf");
    }

    @Override
    public void write(OpenStackDatabases databases) throws IOException {
        for (String needed : new String[]{"volumes", "state", "lock", "agent"}) {
            Files.createDirectories(directory.resolve(needed));
        }
        Files.writeString(file("cinder"), cinder(databases));
        Files.writeString(file("nova"), nova(databases));
        Files.writeString(file("placement"), placement(databases));
    }

    private String cinder(OpenStackDatabases databases) {
        return """
                [DEFAULT]
                transport_url = %s
                auth_strategy = noauth
                api_paste_config = /etc/cinder/api-paste.ini
                rootwrap_config = /etc/cinder/rootwrap.conf
                osapi_volume_listen = 127.0.0.1
                osapi_volume_listen_port = %d
                osapi_volume_workers = 1
                state_path = %s
                my_ip = 127.0.0.1
                host = %s
                enabled_backends = files
                report_interval = 5
                periodic_fuzzy_delay = 0
                scheduler_driver_init_wait_time = 2
                [database]
                connection = %s
                [oslo_concurrency]
                lock_path = %s
                [oslo_messaging_notifications]
                driver = noop
                [coordination]
                backend_url = file://%s
                [files]
                volume_driver = filedriver.FileDriver
                volume_backend_name = files
                files_dir = %s
                """.formatted(transportUrl, cinderPort, directory.resolve("state"), volumeHost(),
                databases.connection("cinder"), directory.resolve("lock"), directory.resolve("state"), volumes());
    }

    private String nova(OpenStackDatabases databases) {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                my_ip = 127.0.0.1
                state_path = %s
                instances_path = %s
                compute_driver = fake.FakeDriver
                report_interval = 2
                heal_instance_info_cache_interval = -1
                [database]
                connection = %s
                [api_database]
                connection = %s
                [oslo_concurrency]
                lock_path = %s
                [conductor]
                workers = 1
                [cinder]
                auth_type = noauth
                endpoint_template = http://127.0.0.1:%d/v3/%%(project_id)s
                [placement]
                auth_type = admin_token
                token = admin
                endpoint = http://127.0.0.1:%d
                endpoint_override = http://127.0.0.1:%d
                [vnc]
                enabled = false
                """.formatted(transportUrl, computeHost(), directory.resolve("state"),
                directory.resolve("state/instances"), databases.connection("nova"), databases.connection("nova_api"),
                directory.resolve("lock"), cinderPort, placementPort, placementPort);
    }

    private static String placement(OpenStackDatabases databases) {
        return """
                [api]
                auth_strategy = noauth2
                [placement_database]
                connection = %s
                sync_on_startup = true
                """.formatted(databases.connection("placement"));
    }

    /** Ours, at Cinder's and Nova's databases. */
    String apiNode(OpenStackDatabases databases) {
        return """
                [DEFAULT]
                transport_url = %s
                host = api-%s
                auth_strategy = noauth
                rpc_response_timeout = %d
                [api]
                port = %d
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [reseat]
                reconcile_interval = 1
                journal_lease = 5
                driver_timeout = %d
                probe_timeout = %d
                [monitor]
                port = 0
                """.formatted(transportUrl, name, CALL_SECONDS, apiPort, databases.connection("cinder"),
                databases.connection("nova"), CALL_SECONDS, CALL_SECONDS);
    }

    /** Ours on nova-compute's host. */
    String computeAgent() {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                my_ip = 127.0.0.1
                rpc_response_timeout = %d
                state_path = %s
                compute_driver = none
                [cinder]
                auth_type = noauth
                project_id = %s
                endpoint_template = http://127.0.0.1:%d/v3/%%(project_id)s
                [local]
                use_loop = false
                volumes_dirs = %s
                users_share_namespace = true
                [monitor]
                port = 0
                """.formatted(transportUrl, computeHost(), CALL_SECONDS, directory.resolve("agent"),
                CloudFixture.PROJECT, apiPort, volumes());
    }

    /** Ours for the same backend that cinder-volume has. */
    String volumeManager() {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                rpc_response_timeout = %d
                enabled_backends = files
                [files]
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                [monitor]
                port = 0
                """.formatted(transportUrl, volumeHost(), CALL_SECONDS, volumes());
    }
}
