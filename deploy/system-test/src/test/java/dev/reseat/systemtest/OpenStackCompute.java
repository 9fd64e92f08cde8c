package dev.reseat.systemtest;

import dev.reseat.broker.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What makes servers, beside the services that tests share: Glance with one image, nova-scheduler, and a nova-api that
 * asks Keystone who calls; and what Keystone's administrator tells them.
 */
final class OpenStackCompute {
    private final OpenStackSettings settings;
    private final int glancePort = LoopbackPorts.reserve();
    private final int novaPort = LoopbackPorts.reserve();
    private String image = "";

    OpenStackCompute(OpenStackSettings settings) {
        this.settings = settings;
    }

    int glancePort() {
        return glancePort;
    }

    int novaPort() {
        return novaPort;
    }

    /** Makes what the services need before they start. */
    void prepare() throws IOException {
        Path images = Files.createDirectories(settings.directory().resolve("images"));
        Files.writeString(settings.file("glance"), """
                [DEFAULT]
                bind_host = 127.0.0.1
                bind_port = %1$d
                workers = 0
                [database]
                connection = sqlite:///%2$s/glance.sqlite
                [paste_deploy]
                flavor = keystone
                config_file = /etc/glance/glance-api-paste.ini
                [glance_store]
                stores = file
                filesystem_store_datadir = %2$s
                [keystone_authtoken]
                %3$s""".formatted(glancePort, images, settings.account()));
        Files.writeString(settings.file("served-nova"), Files.readString(settings.file("guarded-nova"))
                .replace("auth_strategy = noauth2", "auth_strategy = keystone")
                .replace("listen_port = " + settings.novaPort(), "listen_port = " + novaPort)
                + "[keystone_authtoken]\n" + settings.account()
                + "[glance]\napi_servers = http://127.0.0.1:" + glancePort + "\n");
        command("glance-manage", settings.file("glance"), "db", "sync");
        command("nova-manage", settings.file("nova"), "cell_v2", "discover_hosts");
    }

    /** In the catalog, and with what a server needs. */
    void furnish() throws IOException {
        catalog("compute", "http://127.0.0.1:" + novaPort + "/v2.1");
        catalog("image", "http://127.0.0.1:" + glancePort);
        Path empty = Files.writeString(settings.directory().resolve("empty.img"), "nothing to boot");
        image = openstack("image", "create", "--file", empty.toString(), "--disk-format", "raw", "--container-format",
                "bare", "--public", "-f", "value", "-c", "id", "empty").strip();
        openstack("flavor", "create", "--id", "for-tempest", "--ram", "64", "--disk", "1", "--vcpus", "1", "m1.empty");
    }

    void catalog(String type, String url) {
        openstack("service", "create", "--name", type, type);
        for (String side : List.of("public", "internal", "admin")) {
            openstack("endpoint", "create", "--region", "RegionOne", type, side, url);
        }
    }

    private static void command(String program, Path settings, String... words) {
        List<String> command = new ArrayList<>(OpenStackPrograms.command(program, settings));
        command.addAll(List.of(words));
        Program.run(Map.of(), command).assertSucceeded();
    }

    /** @return what it prints */
    private String openstack(String... words) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openstack"));
        command.addAll(List.of(words));
        Map<String, String> login = new LinkedHashMap<>(Map.of(
                "OS_AUTH_URL", "http://127.0.0.1:" + settings.keystonePort() + "/v3", "OS_USERNAME", "admin",
                "OS_PASSWORD", OpenStackSettings.PASSWORD, "OS_PROJECT_NAME", "admin", "OS_USER_DOMAIN_NAME",
                "Default", "OS_PROJECT_DOMAIN_NAME", "Default", "OS_IDENTITY_API_VERSION", "3"));
        Program told = Program.run(login, command);
        told.assertSucceeded();
        return told.out();
    }

    /**
     * Settings of tempest.
     *
     * @param volumes type of the service that it takes for block storage
     */
    String tempest(String volumes) {
        return """
                [DEFAULT]
                log_dir = %1$s
                log_file = tempest.log
                [oslo_concurrency]
                lock_path = %1$s/lock
                [auth]
                admin_username = admin
                admin_password = %2$s
                admin_project_name = admin
                admin_domain_name = Default
                [identity]
                uri_v3 = http://127.0.0.1:%3$d/v3
                auth_version = v3
                region = RegionOne
                [service_available]
                neutron = false
                swift = false
                horizon = false
                [volume]
                catalog_type = %4$s
                build_timeout = 60
                [compute]
                image_ref = %5$s
                image_ref_alt = %5$s
                flavor_ref = for-tempest
                flavor_ref_alt = for-tempest
                build_timeout = 120
                [image]
                build_timeout = 60
                [validation]
                run_validation = false
                """.formatted(settings.directory(), OpenStackSettings.PASSWORD, settings.keystonePort(), volumes,
                image);
    }
}
