package dev.reseat.standalone;

import dev.reseat.runtime.Settings;
import java.net.URI;
import java.util.List;

/** What each part's settings file would say. There is no Nova and no Cinder, so all take the places of theirs. */
final class AllInOneSettings {
    static final List<String> HOSTS = List.of("host-a", "host-b");
    static final String VOLUME_HOST = "storage-1";
    static final String BACKEND = "file";
    static final String VOLUMES = "volumes";
    static final String OLD_VOLUMES = "volumes-before-the-move";
    static final String USER = "b6a1de30c0ff4a8e9d51d2c7e0a4f111";
    static final String PROJECT = "7c1d0fd0f00d4c65a1f6d0c0ffee2222";

    private final WorkDirectory directory;

    AllInOneSettings(WorkDirectory directory) {
        this.directory = directory;
    }

    Settings apiNode(EmbeddedDatabases databases, String transportUrl, int port) {
        return Settings.parse("""
                [DEFAULT]
                host = api-1
                transport_url = %s
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [reseat]
                create_openstack_tables = true
                replaces = nova-conductor
                [api]
                listen = 127.0.0.1
                port = %d
                auth_strategy = noauth
                """.formatted(transportUrl, databases.url("cinder"), databases.url("nova"), port));
    }

    Settings volumeManager(String transportUrl) {
        return Settings.parse("""
                [DEFAULT]
                host = %s
                transport_url = %s
                enabled_backends = %s
                [%s]
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                [reseat]
                replaces = cinder-volume
                """.formatted(VOLUME_HOST, transportUrl, BACKEND, BACKEND, directory.directory(VOLUMES)));
    }

    Settings agent(String host, String transportUrl, URI volumeEndpoint) {
        return Settings.parse("""
                [DEFAULT]
                host = %s
                my_ip = 127.0.0.1
                transport_url = %s
                state_path = %s
                compute_driver = none
                [cinder]
                auth_type = noauth
                username = nova
                project_id = %s
                endpoint_template = %s
                [local]
                volumes_dirs = %s, %s
                users_share_namespace = true
                [reseat]
                replaces = nova-compute
                """.formatted(
                host, transportUrl, directory.directory(host), PROJECT, volumeEndpoint,
                directory.directory(VOLUMES), directory.directory(OLD_VOLUMES)));
    }
}
