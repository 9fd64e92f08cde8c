package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real OpenStack and our api-node beside it: to bring one up costs more than most tests, so groups of tests share it,
 * one after the other. Whoever starts more of ours ends it again.
 */
final class OpenStackWithOurs implements AutoCloseable {
    static final List<String> SERVICES = List.of("nova-conductor", "nova-compute", "cinder-volume");
    private static final int CALLS = 20; // each a ping and a question

    private final OpenStack openstack;
    private final OpenStackScene scene;
    private final List<String> queues;
    private final List<String> bindings;
    private final Beside ours;
    private final Path connector;

    private OpenStackWithOurs(OpenStack openstack) throws IOException {
        this.openstack = openstack;
        scene = new OpenStackScene(openstack);
        queues = theirs("list_queues", "name", "consumers");
        bindings = theirs("list_bindings", "destination_name", "source_name", "routing_key");
        ours = new Beside(openstack);
        connector = openstack.settings().directory().resolve("connector.json");
    }

    /** All that most tests need, up. */
    static OpenStackWithOurs start(Dialect dialect) throws IOException, InterruptedException {
        OpenStack openstack = OpenStack.start(dialect);
        try {
            OpenStackWithOurs cloud = new OpenStackWithOurs(openstack);
            cloud.ours.apiNode().launch();
            cloud.ours.apiNode().awaitStarted();
            return cloud;
        } catch (IOException | RuntimeException | Error | InterruptedException e) {
            openstack.close();
            throw e;
        }
    }

    OpenStack openstack() {
        return openstack;
    }

    OpenStackScene scene() {
        return scene;
    }

    Beside ours() {
        return ours;
    }

    /** A file with what nova-manage says of this host. */
    private Path connector() throws IOException, InterruptedException {
        if (!Files.exists(connector)) {
            openstack.startGuarded();
            Program told = novaManage("get_connector", "--json");
            told.assertSucceeded();
            Files.writeString(connector, told.out());
        }
        return connector;
    }

    /** {@code nova-manage volume_attachment refresh}, with Keystone, and a cinder-api that asks it who calls. */
    Program refreshByNovaManage(String instance, String volume) throws IOException, InterruptedException {
        return novaManage("refresh", instance, volume, connector().toString());
    }

    /** {@code nova-manage volume_attachment ...}, a service to block storage. */
    Program novaManage(String... words) {
        List<String> command = new ArrayList<>(OpenStackPrograms.command(
                "nova-manage", openstack.settings().file("guarded-nova")));
        command.add("volume_attachment");
        command.addAll(List.of(words));
        return Program.run(Map.of(), command);
    }

    /** Lines of the broker about what is theirs and stays: replies come and go with who asks. */
    private List<String> theirs(String what, String... columns) {
        return openstack.broker(what, columns)
                .stream()
                .filter(line -> !line.contains("reply_") && !line.contains("reseat"))
                .toList();
    }

    /** Queues, bindings and consumers of theirs are as before ours came, and they work. */
    void assertUndisturbed() throws Exception {
        assertThat(theirs("list_queues", "name", "consumers")).isEqualTo(queues);
        assertThat(theirs("list_bindings", "destination_name", "source_name", "routing_key")).isEqualTo(bindings);
        for (String service : SERVICES) {
            assertThat(openstack.service(service).isAlive()).as(service).isTrue();
        }
        assertThat(openstack.nova("ask_conductor", Map.of("times", CALLS)).intValue()).isEqualTo(CALLS);
        long reports = reports();
        openstack.await("nova", "(SELECT report_count FROM services WHERE topic = 'compute') > ?", reports);
    }

    private long reports() {
        return ((Number) openstack.row("nova", "SELECT report_count FROM services WHERE topic = 'compute'")
                .get("report_count")).longValue();
    }

    @Override
    public void close() {
        ours.close();
        openstack.close();
    }
}
