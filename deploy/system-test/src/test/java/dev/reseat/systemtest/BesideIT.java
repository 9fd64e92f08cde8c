package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.Target;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our services on the broker of a Nova and a Cinder that are at work, with their queues under their real names. */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class BesideIT {
    private static final Target CONDUCTOR = Target.of("nova", "conductor");
    private static final int CALLS = 40;
    private static final Duration SAID = Duration.ofSeconds(30);

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final Cloud cloud = Cloud.prepared();
    private final CloudSettings settings = cloud.settings();
    private final String backend = settings.volumeHost().replaceFirst("#.*", "");
    private final String volumeHost = backend.replaceFirst("@.*", "");
    private final List<String> theirs = List.of(
            "conductor", "conductor.controller", "compute", "compute." + settings.computeHost(), "cinder-volume",
            "cinder-volume." + backend, "cinder-volume." + backend + "." + volumeHost);
    private OsloPeer openstack;

    @BeforeEach
    void startOpenStack() {
        openstack = OsloPeer.connect(settings.transportUrl());
        openstack.serve("nova", "conductor", "controller");
        openstack.serve("nova", "compute", settings.computeHost());
        openstack.serve("openstack", "cinder-volume", backend);
        openstack.serve("openstack", "cinder-volume." + backend, volumeHost);
    }

    @AfterEach
    void stop() {
        openstack.close();
        cloud.close();
    }

    private List<String> list(String what, String... columns) {
        List<String> words = Stream.concat(Stream.of(what), Stream.of(columns)).toList();
        return broker.own().control(words.toArray(String[]::new)).lines().sorted().toList();
    }

    /** Name and number of consumers. */
    private Map<String, String> queues() {
        return list("list_queues", "name", "consumers").stream()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields.length == 2)
                .collect(Collectors.toMap(fields -> fields[0], fields -> fields[1]));
    }

    private List<String> bindingsOfTheirs() {
        return list("list_bindings", "destination_name", "source_name", "routing_key").stream()
                .filter(line -> theirs.contains(line.split("\t", -1)[0]))
                .toList();
    }

    private Map<String, String> onlyTheirs(Map<String, String> queues) {
        return queues.entrySet()
                .stream()
                .filter(queue -> theirs.contains(queue.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void noQueueOfTheirsIsDeclaredBoundOrConsumedWhileARepairRuns() throws Exception {
        Map<String, String> before = queues();
        List<String> bindings = bindingsOfTheirs();
        assertThat(before).containsKeys(theirs.toArray(String[]::new));

        cloud.launch();
        Attached stuck = new Scene(cloud).stuck("beside", "detaching");
        Http.Answer reset = cloud.http()
                .post(
                        "/v3/volumes/" + stuck.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}");
        assertThat(reset.status()).as(reset.text()).isEqualTo(202);
        assertThat(cloud.volume(stuck.volume())).containsEntry("status", "available");

        Map<String, String> after = queues();
        assertThat(onlyTheirs(after)).isEqualTo(onlyTheirs(before));
        assertThat(bindingsOfTheirs()).isEqualTo(bindings);
        assertThat(after.keySet()).filteredOn(name -> !before.containsKey(name))
                .contains("reseat-volume." + backend, "reseat-compute." + settings.computeHost())
                .allMatch(name -> name.startsWith("reseat-") || name.startsWith("reply_"));
        assertThat(list("list_bindings", "source_name", "destination_name"))
                .contains("reseat\treseat-api", "reseat\treseat-volume", "reseat\treseat-compute");
    }

    @Test
    void everyCallToTheirConductorReachesIt() throws Exception {
        cloud.launch();

        for (int i = 0; i < CALLS; i++) {
            OsloPeer.Answer answer = openstack.call(CONDUCTOR, "echo", Map.of("value", "call " + i));
            assertThat(answer.failed()).as(answer.remoteType()).isFalse();
            assertThat(answer.result().asString()).isEqualTo("call " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "reseat-api-node, nova-conductor", "reseat-compute-agent, nova-compute",
            "reseat-volume-manager, cinder-volume",
    })
    void thePlaceOfAServiceThatIsAtWorkIsTakenOnlyWhenToldTwice(String program, String service) throws Exception {
        String queue = switch (service) {
            case "nova-conductor" -> "conductor";
            case "nova-compute" -> "compute." + settings.computeHost();
            default -> "cinder-volume." + backend;
        };
        int before = Integer.parseInt(queues().get(queue));
        CloudSettings replacing = settings.replacing();
        String text = switch (service) {
            case "nova-conductor" ->
                replacing.apiNode(cloud.rows().databases().cinder(), cloud.rows().databases().nova());
            case "nova-compute" -> replacing.computeAgent();
            default -> replacing.volumeManager();
        };
        try (var process = new ServiceProcess(program, program + "-instead", settings.directory(), text)) {
            process.launch();
            process.output()
                    .await(line -> line
                            .contains("queue '" + queue + "' of " + service + " has a consumer already; stop")
                            && line.contains("--takeover"), SAID);
            assertThat(process.awaitEnd()).isEqualTo(1);
            assertThat(queues().get(queue)).isEqualTo(Integer.toString(before));

            process.launch("--takeover").awaitStarted();
            assertThat(Integer.parseInt(queues().get(queue))).isGreaterThan(before);
        }
    }
}
