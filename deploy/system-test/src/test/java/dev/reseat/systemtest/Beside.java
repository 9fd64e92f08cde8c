package dev.reseat.systemtest;

import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Our services beside a real OpenStack: at its databases and on its broker, each a process of its own. */
final class Beside implements AutoCloseable {
    private final OpenStackSettings settings;
    private final OpenStackDatabases databases;
    private final ServiceProcess apiNode;
    private final ServiceProcess volumeManager;
    private final ServiceProcess computeAgent;
    private final Http http;

    Beside(OpenStack cloud) throws IOException {
        settings = cloud.settings();
        databases = cloud.databases();
        InstallPage.read().grant(databases);
        apiNode = new ServiceProcess("reseat-api-node", settings.directory(), settings.apiNode(databases));
        volumeManager = new ServiceProcess("reseat-volume-manager", settings.directory(), settings.volumeManager());
        computeAgent = new ServiceProcess("reseat-compute-agent", settings.directory(), settings.computeAgent());
        http = new Http("http://127.0.0.1:" + settings.apiPort(), CloudFixture.USER, CloudFixture.PROJECT);
        reseat("db", "sync", "--config-file", settings.directory().resolve("reseat-api-node.conf").toString())
                .assertSucceeded();
    }

    ServiceProcess apiNode() {
        return apiNode;
    }

    ServiceProcess volumeManager() {
        return volumeManager;
    }

    ServiceProcess computeAgent() {
        return computeAgent;
    }

    /** An agent of ours that serves nova-compute's own queues. */
    ServiceProcess inPlaceOfNovaCompute() {
        return new ServiceProcess("reseat-compute-agent", "agent-in-place", settings.directory(),
                settings.computeAgent() + "[reseat]\nreplaces = nova-compute\n");
    }

    /**
     * A volume-manager of ours that serves cinder-volume's own queues.
     *
     * @param account of the broker
     */
    ServiceProcess inPlaceOfCinderVolume(String account) {
        String text = settings.volumeManager()
                .replaceFirst("://[^@]*@", "://" + account + ":" + InstallPage.PASSWORD + "@");
        return new ServiceProcess("reseat-volume-manager", "manager-in-place", settings.directory(),
                text + "[reseat]\nreplaces = cinder-volume\n");
    }

    /**
     * An api-node of ours where clients had a cinder-api, which stands behind it then.
     *
     * @param cinderDatabase its way to Cinder's database
     */
    ServiceProcess inFrontOfCinderApi(int port, String cinderDatabase) {
        String usual = "connection = " + databases.ourConnection("cinder") + "\n";
        String own = on("front", port)
                .replace(usual, "connection = " + cinderDatabase + "\n");
        return new ServiceProcess("reseat-api-node", "api-in-front", settings.directory(),
                own + "[reseat]\ncinder_api = http://127.0.0.1:" + settings.cinderPort() + "\n");
    }

    /** The same in front of the cinder-api that asks Keystone who calls; so does this one. */
    ServiceProcess inFrontOfGuardedCinderApi(int port) {
        String own = on("guarded-front", port).replace("auth_strategy = noauth", "auth_strategy = keystone");
        return new ServiceProcess("reseat-api-node", "api-in-guarded-front", settings.directory(),
                own + "[reseat]\ncinder_api = http://127.0.0.1:" + settings.guardedCinderPort()
                        + "\n[keystone_authtoken]\n" + settings.account());
    }

    /** A second api-node of ours. */
    ServiceProcess another(String name, int port) {
        return new ServiceProcess("reseat-api-node", "api-" + name, settings.directory(), on(name, port));
    }

    private String on(String name, int port) {
        return settings.apiNode(databases)
                .replace("port = " + settings.apiPort(), "port = " + port)
                .replace("host = api-", "host = " + name + "-");
    }

    /**
     * An api-node of ours for which a cinder-api has all to do with attachments, one that asks Keystone who calls.
     *
     * @param name of it, beside others
     * @param more settings of {@code [cinder]}
     */
    ServiceProcess throughCinderApi(String name, int port, String more) {
        return new ServiceProcess("reseat-api-node", "api-" + name, settings.directory(),
                on(name, port) + "[reseat]\nattachments_by = cinder-api\n" + settings.blockStorage() + more);
    }

    Http http() {
        return http;
    }

    /** {@code cinder ...} of the real client, with our api-node as its endpoint. */
    Program cinder(String... words) {
        return CinderClient.at("http://127.0.0.1:" + settings.apiPort()).run(words);
    }

    /** {@code reseat ...}, our own command line. */
    Program reseat(String... words) {
        List<String> command = new ArrayList<>(List.of(Distribution.program("reseat").toString()));
        command.addAll(List.of(words));
        return Program.run(
                Map.of("RESEAT_ENDPOINT", "http://127.0.0.1:" + settings.apiPort(), "OS_AUTH_TYPE", "noauth",
                        "OS_USER_ID", CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT),
                command);
    }

    @Override
    public void close() {
        apiNode.close();
        volumeManager.close();
        computeAgent.close();
        http.close();
    }
}
