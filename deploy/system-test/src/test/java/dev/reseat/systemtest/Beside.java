package dev.reseat.systemtest;

import dev.reseat.testing.CloudFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Our services beside a real OpenStack: at its databases and on its broker, each a process of its own. */
final class Beside implements AutoCloseable {
    private final OpenStackSettings settings;
    private final ServiceProcess apiNode;
    private final ServiceProcess volumeManager;
    private final ServiceProcess computeAgent;
    private final Http http;

    Beside(OpenStack cloud) {
        settings = cloud.settings();
        apiNode = new ServiceProcess("reseat-api-node", settings.directory(), settings.apiNode(cloud.databases()));
        volumeManager = new ServiceProcess("reseat-volume-manager", settings.directory(), settings.volumeManager());
        computeAgent = new ServiceProcess("reseat-compute-agent", settings.directory(), settings.computeAgent());
        http = new Http("http://127.0.0.1:" + settings.apiPort(), CloudFixture.USER, CloudFixture.PROJECT);
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
