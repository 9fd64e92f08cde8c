package dev.reseat.standalone;

import dev.reseat.runtime.Settings;
import java.net.URI;
import java.util.List;

/** What each part's settings file would say. There is no Nova and no Cinder, so all take the places of theirs. */
final class AllInOneSettings {
    static final List<String> HOSTS = List.of("host-a", "host-b");
    static final String VOLUME_HOST = "storage-1";
    static final String USER = "b6a1de30c0ff4a8e9d51d2c7e0a4f111";
    static final String PROJECT = "7c1d0fd0f00d4c65a1f6d0c0ffee2222";

    private final WorkDirectory directory;
    private final CloudStorage storage;

    AllInOneSettings(WorkDirectory directory, CloudStorage storage) {
        this.directory = directory;
        this.storage = storage;
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
                %s
                [api]
                listen = 127.0.0.1
                port = %d
                auth_strategy = noauth
                """.formatted(transportUrl, databases.url("cinder"), databases.url("nova"), storage.times(),
                port));
    }

    Settings volumeManager(String transportUrl) {
        return Settings.parse(volumeManagerText(transportUrl));
    }

    /** As the backend is now. */
    String volumeManagerText(String transportUrl) {
        return """
                [DEFAULT]
                host = %s
                transport_url = %s
                enabled_backends = %s
                [reseat]
                replaces = cinder-volume
                %s
                [%s]
                %s
                """.formatted(VOLUME_HOST, transportUrl, storage.backend(), storage.times(),
                storage.backend(), storage.backendSettings());
    }

    Settings agent(String host, String transportUrl, URI volumeEndpoint) {
        return Settings.parse(agentText(host, transportUrl, volumeEndpoint));
    }

    String agentText(String host, String transportUrl, URI volumeEndpoint) {
        return """
                [DEFAULT]
                host = %s
                my_ip = 127.0.0.1
                transport_url = %s
                state_path = %s
                [cinder]
                auth_type = noauth
                username = nova
                project_id = %s
                endpoint_template = %s
                [reseat]
                replaces = nova-compute
                %s
                %s
                """.formatted(
                host, transportUrl, directory.directory(host), PROJECT, volumeEndpoint,
                storage.times(), storage.hostSettings(host));
    }
}
