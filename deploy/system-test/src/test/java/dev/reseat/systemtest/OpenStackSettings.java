package dev.reseat.systemtest;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The settings files of a real OpenStack and of ours beside it.
 *
 * @param name part of the host names
 * @param guardedCinderPort of another cinder-api, that asks Keystone who calls
 */
record OpenStackSettings(
        String name, String transportUrl, Path directory, int cinderPort, int placementPort, int apiPort,
        int keystonePort, int guardedCinderPort, int neutronPort, int novaPort)
        implements OpenStackDatabases.Preparation {
    private static final int CALL_SECONDS = 30;
    /** Of Keystone's administrator, who is every service's account too. */
    static final String PASSWORD = "of-the-administrator";

    static OpenStackSettings create(String name, String transportUrl, Path directory) {
        return new OpenStackSettings(
                name, transportUrl, directory, LoopbackPorts.reserve(), LoopbackPorts.reserve(),
                LoopbackPorts.reserve(), LoopbackPorts.reserve(), LoopbackPorts.reserve(), LoopbackPorts.reserve(),
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
        FernetKeys.in(directory.resolve("keys"));
        Files.writeString(file("cinder"), cinder(databases));
        Files.writeString(file("nova"), nova(databases));
        Files.writeString(file("placement"), placement(databases));
        Files.writeString(file("keystone"), keystone(databases));
        Files.writeString(file("guarded-cinder"), guardedCinder(databases));
        Files.writeString(file("guarded-nova"), guardedNova(databases));
    }

    @Override
    public Map<String, String> catalog() {
        return Map.of(
                "identity", "http://127.0.0.1:" + keystonePort + "/v3",
                "volumev3", "http://127.0.0.1:" + guardedCinderPort + "/v3/$(project_id)s");
    }

    private String keystone(OpenStackDatabases databases) {
        return """
                [DEFAULT]
                log_file =
                [database]
                connection = %1$s
                [token]
                provider = fernet
                [fernet_tokens]
                key_repository = %2$s
                [fernet_receipts]
                key_repository = %2$s
                [credential]
                key_repository = %2$s
                """.formatted(databases.connection("keystone"), directory.resolve("keys"));
    }

    /** Nova's account at block storage, which is in the catalog, as {@code nova.conf} has it. */
    String blockStorage() {
        return "[cinder]\ncatalog_info = volumev3::publicURL\n" + account();
    }

    /** Keystone's administrator. */
    String account() {
        return """
                auth_type = password
                auth_url = http://127.0.0.1:%d/v3
                username = admin
                password = %s
                user_domain_name = Default
                project_name = admin
                project_domain_name = Default
                """.formatted(keystonePort, PASSWORD);
    }

    /** Deletes an attachment that an instance has for a service only: here that is who has the administrator's role. */
    private String guardedCinder(OpenStackDatabases databases) {
        return cinder(databases)
                .replace("auth_strategy = noauth", "auth_strategy = keystone")
                .replace("osapi_volume_listen_port = " + cinderPort, "osapi_volume_listen_port = " + guardedCinderPort)
                + "[keystone_authtoken]\nservice_token_roles = admin\nservice_token_roles_required = true\n"
                + "www_authenticate_uri = http://127.0.0.1:" + keystonePort + "\n" + account();
    }

    /** For nova-manage, which is a service to block storage. */
    private String guardedNova(OpenStackDatabases databases) {
        String noauth = "auth_type = noauth\nendpoint_template = http://127.0.0.1:" + cinderPort
                + "/v3/%(project_id)s\n";
        return nova(databases).replace(noauth, "catalog_info = volumev3::publicURL\n" + account())
                + "[service_user]\nsend_service_user_token = true\n" + account();
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
                enabled_apis = osapi_compute
                osapi_compute_listen = 127.0.0.1
                osapi_compute_listen_port = %d
                osapi_compute_workers = 1
                [api]
                auth_strategy = noauth2
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
                [neutron]
                auth_type = none
                endpoint_override = http://127.0.0.1:%d
                [vnc]
                enabled = false
                """.formatted(transportUrl, computeHost(), directory.resolve("state"),
                directory.resolve("state/instances"), novaPort, databases.connection("nova"),
                databases.connection("nova_api"),
                directory.resolve("lock"), cinderPort, placementPort, placementPort, neutronPort);
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

    /** Ours, at Cinder's and Nova's databases, by an account of its own. */
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
                job_interval = 1
                journal_lease = 5
                driver_timeout = %d
                probe_timeout = %d
                [monitor]
                port = 0
                """.formatted(transportUrl, name, CALL_SECONDS, apiPort, databases.ourConnection("cinder"),
                databases.ourConnection("nova"), CALL_SECONDS, CALL_SECONDS);
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
                report_interval = 2
                backend_stats_polling_interval = 2
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
